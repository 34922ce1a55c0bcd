n=3; echo x >&$n; echo $?; eval "echo y $n>f"; cat f; exec 3>&1; echo z >&$n; echo w >&"3"; echo v >&${n}; echo u >& 3; echo t >&3x; echo $?; echo s >&''; echo $?
