alias zz='echo alias'
zz
unalias zz
zz 2>/dev/null; echo $?
