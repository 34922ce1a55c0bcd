echo '{ print ARGV[1], $0 } END { print x }' >p.awk; echo line >f
awk -E p.awk f; awk -E p.awk f x=1; awk -f p.awk f x=1
awk -E p.awk -v x=2 f; echo $?; awk -v x=3 -E p.awk f; awk -E nofile; echo $?; awk -F: -E p.awk f; awk -E; echo $?
printf '#!/bin/awk -E\nBEGIN { print ARGC, ARGV[1] }\n' >s; chmod +x s; ./s -x; ./s a=b
