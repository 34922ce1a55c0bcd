printf 'a\tb\nc\\d\x41\101\n'; printf '%b\n' 'x\ty' '\0101' 'a\cb'; echo; printf '%%\n'
