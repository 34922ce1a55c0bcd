echo one >a
echo two2 >bb
touch -d '2020-01-02 03:04:05' a bb
ar r x.a a bb
echo $?
ar t x.a
ar tv x.a
ar p x.a
ar p x.a bb
rm a bb
ar x x.a
ls
cat a bb
ar xv x.a
ar xo x.a
stat -c %y a | cut -c1-4
ar t x.a a
ar t x.a nofile
echo $?
ar x nofile.a
echo $?
ar
echo $?
ar q x.a
echo $?
ar r y.a a
ar rv y.a bb | cut -c1-18
ar t y.a
echo new >a
ar r y.a a
ar p y.a a
ar r z.a nofile
echo $?
echo garbage >g
ar t g
echo $?
n=averyveryverylongname.txt
echo l >$n
ar r l.a $n
ar t l.a
ar p l.a
od -c x.a | head -n 3 | cut -c1-40
ar -t x.a
ar -x x.a
ar tx x.a
echo $?
ar pv x.a
