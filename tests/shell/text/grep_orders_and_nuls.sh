# The pattern tried first, lines that end at a NUL, links below -r, no more than 0 lines, and -L and -c with other flags.
mkdir d; echo 'foo in d' >d/a; ln -s a d/link; mkdir e; echo foo >e/x; ln -s ../e d/dir; printf 'a\0b foo\nbar\0' >z
printf 'foobar\nbar foo\nx\n' >f; : >empty
grep -o 'foo
bar' f; grep -oF 'foo
bar' f; grep -o -e foo -e bar f; printf 'bar\n' >p; grep -o -e foo -f p f
grep foo z; grep -n . z; grep -c . z; grep -H b z; grep -vn foo z
grep -r foo d | sort; grep -R foo d | sort; grep -rl foo d/link
grep -m 0 foo f; echo $?; grep -m 0 bar f nothere; echo $?; grep -m 0 x f; echo $?; grep -c -m 0 foo f; grep -cm1 foo f f
grep -L foo f empty; echo $?; grep -Lq foo f empty; echo $?; grep -lc foo f empty; echo $?; grep -Lc foo f empty; echo $?; grep -l foo f empty; echo $?
