case "" in "") echo empty;; esac; case "" in *) echo star;; esac; case " " in "") echo no;; " ") echo space;; esac; x=; case $x in $x) echo same;; esac
