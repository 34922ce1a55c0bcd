trap 'echo tick; n=$((n+1))' USR1; n=0; while [ $n -lt 3 ]; do kill -USR1 $$; done; echo $n
