printf 'a b\n\tc  d\ne\n\nf\n' >a; printf 'a  b\nc d\nE \nf\n' >b; diff -b a b; echo $?; diff -w a b; diff -i a b; diff -B a b; diff -wiB a b; echo $?; diff -bB a b; diff -t a b; diff -T a b
