printf 'one\ntwo\nthree\n' > f
printf ':%%s/o/0/g\r:wq\r' | vi f > screen; echo $?; cat f; od -c screen | head -n 20
vi -c 's/0/x/' -c wq f < /dev/null > screen; echo $?; cat f; wc -c screen
vi f < /dev/null > screen; echo $?
vi -h; vi -H; echo $?
vi -z; echo $?
