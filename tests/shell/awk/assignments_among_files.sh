printf 'a b\n' > /tmp/x; awk '{print v, FILENAME, FNR}' v=1 /tmp/x v=2 /tmp/x
