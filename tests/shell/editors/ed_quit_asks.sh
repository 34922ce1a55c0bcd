echo one > f
printf '1d\nq\nn\nq extra\n1q\nq\nyes\n' | ed f; echo $?
printf '1d\nq\n' | ed f; echo $?
printf '1d\n' | ed f; echo $?
printf '1s/o/0/\nw\nq\n' | ed f; echo $?; cat f
