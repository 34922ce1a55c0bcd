printf '%d %d %d %d\n' 0xff 077 -0x10 +5; printf '%x %o\n' 0777 0xff
