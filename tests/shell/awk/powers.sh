awk 'BEGIN { print 2^3^2, -2^2, 2**-1, !0, !1, !"", !"a"; x = 2; x ^= 3; print x; print srand(1), srand(2) }'
