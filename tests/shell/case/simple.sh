for x in a b c; do case $x in a) echo A;; b|c) echo BC;; esac; done
