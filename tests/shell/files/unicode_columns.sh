printf 'a\200\203é\n' | wc -m
wc -mc /dev/null
printf 'ééé\t' | fold -w2
printf 'éé\tx\n' | expand
printf 'éé     x\n' | unexpand -a
