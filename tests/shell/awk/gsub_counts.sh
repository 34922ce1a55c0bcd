awk 'BEGIN { s = "a.b.c"; n = gsub(/\./, "-", s); print n, s; t="aaa"; print gsub(/x*/, "-", t), t }'
