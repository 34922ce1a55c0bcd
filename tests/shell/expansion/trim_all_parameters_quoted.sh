# Where the first parameter holds characters that quotes have to protect, the matcher is given a copy of it alone.
show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
for first in a/b '*x' abc '-n' '[a'; do
    set -- "$first" 'a b' '*'
    show "${@#?}"; show "${@##*[a-z]}"; show "${@##?}"; show "${@%?}"; show "${@%%?}"; show "${@%%[a-z]*}"; show "${@%[bx]}"
    show ${@#?}; show ${@##*b}; show ${@%?}; show ${@%%b*}
done
