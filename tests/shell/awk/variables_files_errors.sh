awk -v x='a\tb\n' -v y=3 'BEGIN{print x y+1}'
awk 'BEGIN{print ENVIRON["HOME"], ARGC, ARGV[0], ARGV[1]}' arg1
X=5 awk 'BEGIN{print ENVIRON["X"]+1}'
echo data >f
awk '{print v, $0}' v=1 f v=2 f
awk 'END{print v, NR, FNR, FILENAME}' v=9 f f
awk 'BEGIN{exit 3} END{print "end"}'
echo $?
awk '{exit} END{print NR; exit 4}' f
echo $?
awk 'BEGIN{system("echo hi; exit 3"); print system("exit 5")}'
awk 'BEGIN{print "a" >"o1"; print "b" >"o1"; print "c" >>"o2"; close("o1"); print "d" >>"o1"; printf "e\n" >"o2"}'
cat o1 o2
awk 'BEGIN{print "x\ny" | "sort -r"; close("sort -r"); print "done"}'
awk 'BEGIN{print "to err" >"/dev/stderr"; print "out" >"/dev/stdout"; print close("nope")}'
awk 'BEGIN{print length()}'
echo abc | awk '{print length, length($1)}'
awk 'BEGIN{print -1 >"neg"; print 1>2 ? "a" : "b"}'
cat neg 2
awk 'BEGIN { "pwd" | getline d; print d; fflush(); fflush("x") }'
awk -f nofile
echo $?
echo 'BEGIN{print "from file"}' >p.awk
awk -f p.awk
awk -f p.awk -e 'BEGIN{print 2}'
awk
echo $?
awk 'BEGIN{'
echo $?
awk '{print' f
echo $?
awk 'BEGIN{print 1/0}'
echo $?
awk 'BEGIN{f()}'
echo $?
awk '{print}' nofile
echo $?
awk -x
echo $?
