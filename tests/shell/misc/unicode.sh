echo 'ünïcödé' | wc -c; x=日本; echo ${#x} ${x%?} | wc -c
