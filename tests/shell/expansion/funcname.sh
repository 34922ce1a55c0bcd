f() { echo $FUNCNAME; g; echo $FUNCNAME; }; g() { echo $FUNCNAME; }; f; echo "[$FUNCNAME]"
