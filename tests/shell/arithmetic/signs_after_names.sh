# Two signs after an operator whose left side is still a name are one operator, which wants a name.
n=3 a=2
for e in '--5' '++5' '1+--5' '1---5' '1+++5' '(a)+--5' 'a*2+--5' 'a+2*--5' '--(5)' 'n=- -5' 'n=-~5' 'n=--n' 'n=-- n' '--16#ff' \
    'n=--5' 'n=++5' 'n=--(5)' 'n=--16#ff' 'a+--5' 'a*--5' 'n=1,--5' 'a?--5:1' '1?a:--5' '0?a:--5' 'a--5' 'a --5' 'a- -5' 'a---n' 'a+++n' 'a++ +n'; do
    (echo "$e: $(($e)) $n $a") 2>&1
done
