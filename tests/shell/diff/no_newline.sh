printf 'a\nb' >a; printf 'a\nb\n' >b; diff a b; diff b a; printf 'a\nc' >c; diff a c; >e; diff e b; diff b e; diff e e; echo $?; printf x >x; diff e x; printf '\n' >n; diff e n
