x=$'a\0b\x00c'; echo "$x" ${#x}
