x=hello; echo ${#x} ${#} ${#y}; set -- a b c; echo ${#} $# ${#1} ${##} ${#?}
