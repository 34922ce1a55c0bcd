echo /bin:/usr/bin::/sbin | { IFS=: read a b c d e; echo "$a|$b|$c|$d|$e"; }
