printf 'foo\nbar\nFoo bar\nbaz\n' >f
grep foo f
grep -i foo f
grep -v foo f
grep -n a f
grep -c a f
grep -l a f
grep -L a f
grep -q a f
echo $?
grep -o 'ba.' f
grep -w bar f
grep -x bar f
grep -F . f
echo $?
grep -E 'foo|bar' f
grep -e foo -e baz f
grep -H foo f
grep -h foo f f
grep foo f f
grep -m1 a f
grep -A1 foo f
grep -B1 baz f
grep -C1 bar f
grep -s x nofile
echo $?
grep x nofile
echo $?
printf 'foo\n' >p
grep -f p f
mkdir r
cp f r/f
grep -r foo r
grep -R foo r
echo foo | grep foo -
grep -on ba f
grep -vc a f
egrep 'a{1}' f
fgrep a. f
grep -ci FOO f
