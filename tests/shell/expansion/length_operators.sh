x=abc; echo ${#x} "${#x}" ${#x}x; y=; echo ${#y}; echo $#; set -- a bb; echo $# ${#1} ${#2}
