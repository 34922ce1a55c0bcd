f() if true; then echo if; fi; g() for i in 1 2; do echo $i; done; h() case $1 in a) echo A;; esac; f; g; h a
