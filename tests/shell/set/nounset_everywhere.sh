set -u; (echo ${#x}); echo $?; (echo ${x#a}); echo $?; (echo ${x:1}); echo $?; (echo ${x/a/b}); echo $?; (echo $1); echo $?; (echo $!); echo $?; (echo $@ $* "$@"); echo $?; (echo $((y+1))); echo $?; (x[1]=1; echo ${x+a}${x:-b}${x=c}); echo $?; (cat <<E
$nope
E
); echo $?; (case $nope in *) echo c;; esac); echo $?; (for i in $nope; do :; done); echo $?; ([ -z $nope ]); echo $?; (f=$nope); echo $?; (echo >$nope); echo $?; unset nope; (unset x; x=1; unset x; echo $x); echo $?; (echo ${1-a} ${11-b} ${9:-c}); (local_f() { local v; echo $v; }; local_f); echo $?
