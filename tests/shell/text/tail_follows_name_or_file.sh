seq 30 >f
head -c -5 f | tail -c 4; head -n -27 f; head -n -2 - <f | tail -n 1; head -5 f| tail -n1; tail -3 f; tail +28 f; tail -n+29 f;  head -N 3 f; echo $?; tail -F -n 1 -s 1 f & sleep 2; echo 31 >>f; sleep 2; kill $!; wait
tail -f f -n 1 & sleep 1; echo 32 >>f; mv f g; echo 33 >f; sleep 2; echo 34 >>g; sleep 2; kill $!; wait
