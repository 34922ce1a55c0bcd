printf '1\n2\n3\n' | awk 'END{print $0, NR}'
