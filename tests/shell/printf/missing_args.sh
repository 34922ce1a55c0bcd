printf '[%s] [%d] [%c] [%f]\n'; printf '%s,%s\n' a
