seq 2000 >f
for i in 1 2 3 4 5 6 7 8 9; do bzip2 -c -$i f | head -c 4; bzip2 -$i <f | bunzip2 | cmp - f; done; echo
bzip2 -k f; bunzip2 -c f.bz2 | md5sum; ls; bzip2 -t f.bz2; echo $?; bzip2 -tv f.bz2; echo $?; echo x >g.bz2; bzip2 -t g.bz2; echo $?; bzip2 -tk f.bz2; ls
bunzip2 -t f.bz2; echo $?; bunzip2 -ck f.bz2 | wc -c; bzcat f.bz2 | wc -c; bunzip2 f.bz2; echo $?; bunzip2 -f f.bz2; echo $?; ls
bzip2 -z -k f; ls; bzip2 -s -c f | head -c 4; bzip2 -q -c f | wc -c; bzip2 -v -kf f; bzip2 -d -c f.bz2 | wc -l; bzip2 -91 -c f | head -c4;  bzip2 -19 -c f | head -c4
