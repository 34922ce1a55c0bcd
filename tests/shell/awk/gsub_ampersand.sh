awk 'BEGIN { s="foo&bar"; gsub(/&/,"\\&",s); print s; gsub(/o/,"\\\\&",s); print s}'
