printf '  b\n a\nc\n' | sort -b
printf '  b\n a\nc\n' | sort
printf 'a-b\nab\na_c\n' | sort -d
printf 'b\tx\na\ty\n' | sort -i
printf 'b 1\na 1\n' | sort -s -k2
printf 'x 1\nx 2\ny 0\n' | sort -su -k1,1
