printf '%ld %lld %hd %zd\n' 1 2 3 4
