awk 'BEGIN { $3="c"; print NF, $0; print $(1+2) }'
