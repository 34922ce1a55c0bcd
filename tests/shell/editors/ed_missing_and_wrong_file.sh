echo q | ed nosuch; echo $?
echo q | ed /; echo $?
printf q | ed /etc; echo $?
: > empty
printf 'p\n.=\nd\ni\nnew\n.\n1,$p\nw\nq\n' | ed empty; echo $?; cat empty
