seq 3 | awk '{ print > "/tmp/o" $1 } END { close("/tmp/o1"); system("cat /tmp/o1 /tmp/o2 /tmp/o3") }'
