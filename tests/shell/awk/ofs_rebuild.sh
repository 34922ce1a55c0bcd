awk 'BEGIN{OFS="-"; $0="a b c"; $1=$1; print; print $1,$2}'
