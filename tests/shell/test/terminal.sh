[ -t 0 ] || echo not a tty; [ -t 1 ] || echo nor out; [ -t x ]; echo $?
