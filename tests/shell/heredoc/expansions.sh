x=v; cat <<E
$x ${x}y $(echo cmd) `echo bq` $((1+2)) \$x \\ \a "q" 'q'
E
