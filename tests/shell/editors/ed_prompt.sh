echo one > f
printf '.\n\n1\nq\n' | ed -p '* ' f 2>&1
printf '1d\nq\nq\n' | ed -s -p: f 2>&1; echo $?
