echo 'a b c' | awk '{print $2, NF, $NF}'
