echo one > f
printf 'r f\nw\nf\n1p\nq\n' | ed -s f; echo $?
printf 'r f\nw\nf\n1p\nq\n' | ed f; echo $?
