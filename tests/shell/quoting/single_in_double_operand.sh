unset x; echo "${x:-it's}" ${x:-'a  b'} "${x:-'a  b'}"
