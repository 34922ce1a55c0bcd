printf 'a\n\nb\n' >f
nl f
nl -b a f
nl -b t f
nl -b n f
nl -i 5 f
nl -s : f
nl -v 10 f
nl -w 3 f
nl -p f
nl -l 2 -ba f
nl -n ln f
nl -n rz f
nl -n rn f
nl -n xx f
echo $?
