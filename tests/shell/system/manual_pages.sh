man -w ls; echo $?
man ls nopage; echo $?
mkdir -p /usr/share/man/man1 /usr/share/man/man5 /usr/share/man/man8; echo hi > /usr/share/man/man1/ls.1;  echo hi > /usr/share/man/man5/ls.5; echo x > /usr/share/man/man8/in.8
man -w ls; echo $?
man -aw ls; echo $?
man -w no in; echo $?
mkdir -p o/man1; cp /usr/share/man/man1/ls.1 o/man1
MANPATH=/work/o man -w ls
rm -r /usr/share/man
