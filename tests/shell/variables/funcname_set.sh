f() { FUNCNAME=q; echo $FUNCNAME; }; f; g() { echo $FUNCNAME; }; g; unset FUNCNAME; g; echo "[$FUNCNAME]"; FUNCNAME=z; g
