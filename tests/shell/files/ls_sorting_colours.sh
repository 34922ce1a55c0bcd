touch b.txt a.c z 10 9
ls -v
ls -X
ls -S
ls -w 10 -C
ls -w 10 -x
ls --color=always
ls --color=never -F
ls --color
ls --group-directories-first
mkdir zz
ls --group-directories-first
ls nofile
echo $?
ls nofile z
echo $?
ls -i z | wc -w
ls -k
ls -T 3
echo $?
ls -Q
echo $?
ls -m
ls -f | sort
ls -q
