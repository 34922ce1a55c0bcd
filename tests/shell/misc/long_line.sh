x=$(printf 'echo %01000d' 1); eval "$x" | wc -c
