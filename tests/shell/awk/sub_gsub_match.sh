awk 'BEGIN{s="hello world"; gsub(/o/,"[&]",s); print s; sub(/l+/,"L",s); print s; print match(s,/w.r/), RSTART, RLENGTH}'
