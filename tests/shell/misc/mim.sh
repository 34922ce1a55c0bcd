cat >Mimfile <<'X'
# a comment before
X=1
first:
	echo first "$X" "$@" "$#"

second:
    echo second $1
	case $1 in a) echo is a;; esac
    echo 'back\slash'  two  blanks
'*.txt':
	echo quoted "$TARGET"
b|c:
	echo b or c $TARGET
fail:
	exit 7
read:
	read x; echo "read $x"; exit 0
*.c:
	echo pattern $TARGET
X
mim; echo $?
mim first a b; echo $?
mim second a; echo $?
mim '*.txt'; echo $?
mim b; mim c; mim fail; echo $?
mim x.c; mim unknown; echo $?
mim read </dev/null; echo $?
mim -f nofile; echo $?
mim -f; echo $?
mim -f Mimfile second; echo $?
printf 'only:\necho no newline' >m2; mim -f m2; echo $?
printf 'echo no targets\n' >m3; mim -f m3; echo $?
: >m4; mim -f m4 x; echo $?
printf 'a:\necho "unclosed\n' >m5; mim -f m5; echo $?
mim -x; echo $?
mim -e fail; echo $?
mim -- first; echo $?
printf 'a:\nfalse\necho went on $0 $-\n' >m6; mim -f m6; mim -f m6 -e; echo $?
printf ' lead : \n x:\necho x\ny: z\n' >m7; mim -f m7 x; mim -f m7 'lead '; echo $?
mkdir d; mim -f d; echo $?
