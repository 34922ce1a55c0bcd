printf '%s=%d\n' a 1 b 2 c; printf '%s %s\n' only
