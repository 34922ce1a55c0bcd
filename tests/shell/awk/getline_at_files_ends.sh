# getline without a source stops at the end of each file, and is -1 when there is none left.
seq 3 >f; seq 11 12 >g
awk 'BEGIN { while ((getline line) > 0) n++; print n, NR, FNR, FILENAME } { print FNR, NR, FILENAME, $0 }' f g
awk 'FNR == 3 { r = getline; print r, FNR, NR, $0 }' f f
awk 'END { print getline, getline x, FNR, NR }' f g
awk 'BEGIN { getline; print FNR, NR, $0 } { print FNR, NR, $0 }' f
awk 'BEGIN { print (getline < "-"), (getline x < "/dev/stdin"), x }' <g
awk '{ print FILENAME, $0 }' <f
awk 'END { print FILENAME, FNR }' g
