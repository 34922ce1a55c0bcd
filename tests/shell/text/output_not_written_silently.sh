seq 3 >/dev/full; echo $?
basename /a/b >/dev/full; echo $?
dirname /a/b >/dev/full; echo $?
pwd >/dev/full; echo $?
seq 3 >&-; echo $?
basename /a/b >&-; echo $?
dirname a >&-; echo $?
yes >/dev/full; echo $?
