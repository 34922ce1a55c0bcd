basename /a/b.c
basename /a/b.c .c
basename a/
basename /
basename ''
basename
echo $?
basename -a x/y z/w
basename -s .c a.c b.c
basename a b c
echo $?
basename .c .c
basename //
dirname /a/b
dirname a
dirname /
dirname a/b/
dirname ''
dirname
echo $?
dirname //a
dirname a//b
dirname /a
dirname a b
echo $?
basename -- -x
which ls cat nofile
echo $?
which -a sh
which
echo $?
which /bin/ls
which ./nofile
echo $?
