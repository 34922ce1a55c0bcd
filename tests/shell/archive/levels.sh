seq 20 >f; for o in -s -s9 -s1 -9s -91 -19 -5 -s5 -z -q '-9 -1'; do bzip2 $o -c f | head -c 4; echo " $o"; done
seq 2000 >f
for o in -1 -2 -3 -4 -5 -6 -7 -8 -9 -91 -19 ''; do gzip $o -nc <f | md5sum; done | uniq | wc -l
gzip -c <f | head -c 10 | od -An -tx1; gzip -9 -c <f | head -c 10 | od -An -tx1; gzip -1 -c <f | head -c 10 | od -An -tx1; gzip -n -c f | head -c 10 | od -An -tx1
seq 30000 >g; for i in 1 2 3; do bzip2 -$i -c g | wc -c; bzip2 -$i <g | bunzip2 | cmp - g; done; for i in 4 9; do bzip2 -$i <g | bunzip2 | cmp - g; done
