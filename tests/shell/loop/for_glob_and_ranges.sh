cd /tmp; touch f1 f2 f3; for f in f*; do echo $f; done; for n in $(seq 3); do echo $n; done
