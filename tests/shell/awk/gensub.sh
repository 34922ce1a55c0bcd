awk 'BEGIN { print gensub(/(a)(b)/, "\\2\\1", "g", "abab") }'
