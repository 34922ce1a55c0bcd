x='echo hi; echo there'; eval $x; eval "y=5"; echo $y; eval; echo $?; eval 'false'; echo $?
