printf 'a b\nc d\n' | while read x y; do echo $y; done; echo one two | (read a b; echo $b)
