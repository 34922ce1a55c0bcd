set -x; for i in 1 2; do echo $i; done; if [ 1 = 1 ]; then :; fi; case a in a) true;; esac; f() { echo in f; }; f arg; (echo sub); { echo group; } > /dev/null
