for n in . .. 1.2.3 1.5e1 1.x 0.5s0 0. .0 .0s 0.m; do
  sleep $n 2>&1 | head -n 3; sleep $n 2>/dev/null; echo $n $?
done
yes >/dev/full; echo $?
od f >/dev/full 2>&1; echo $?
