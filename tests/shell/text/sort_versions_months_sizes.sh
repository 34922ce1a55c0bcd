printf '1.10\n1.9\n1.2\nv2\n' | sort -V
printf 'Mar\njan\nFEB\nxx\n' | sort -M
printf '1e3\n5\n-2\n1e1\n.5\n' | sort -g
printf '2K\n1M\n3G\n100\n' | sort -h
