IFS=': '; for s in 'a :b' 'a: b' 'a::b' ' a b ' ':a:' 'a : : b' '::' ' : '; do set -- $s; echo "$#:$1,$2,$3"; done
