# To the matcher "$@" ends with its first parameter, what is cut and copied is all of it.
show() { for each; do printf '<%s>' "$each"; done; echo "($#)"; }
set -- abc xax b
show ${@/a/Z}; show "${@/x/Z}"; show ${@//a/Z}; show "x${@//a}y"; show ${*//b/Z}
show ${@//?/Z}; show "${@/a*/Z}"; show "${@//[ab]}"; show ${@/[bx]/yy}; show "${@//*a/Z}"; show ${*/a?/Z}
set -- '1 1' '' b
show ${@//[[:digit:]]}; show "${@//1/Z}"; show x${@//?/Z}y; show "${@/ /Z}"; show ${@/ /Z}
set -- a/b -n '*'
show "${@//?/Z}"; show "${@/b/Z}"; show "${@//[!x]/Z}" 
set -- '' a
show "${@//?/Z}"; show "${@/a/Z}"; show "${*//a/Z}"
