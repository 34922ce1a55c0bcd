f() { case $1 in a) return 1;; b) return 2;; *) return 9;; esac; }; f a; echo $?; f b; echo $?; f z; echo $?
