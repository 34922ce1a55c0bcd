alias foo='echo one;' bar='for i in 1 2; do echo $i' lp='(' q='echo "un'
foo echo two
bar; done
lp echo sub )
q closed"
alias e='echo x' ; alias e2='e y'
e2 z
alias loop='loop a'; loop; alias l1=l2 l2=l1
l1; alias if2='if'
if2 true; then echo t; fi
alias nl='echo a
echo b'
nl c
f() { foo x; }; unalias foo; f
alias h='echo $LINENO'
h
eval 'h'
alias c='echo c # comment'
c x
alias o='>out echo'
o q; cat out; cat <<E
$(h)
E
