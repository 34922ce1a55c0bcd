printf '%d %i %u %x %X %o\n' 42 -42 42 255 255 8; printf '%05d|%+d|% d|%-5d|%5d\n' 42 42 42 42 42; printf '%d\n' 0x1f 010 "'A" '"B'
