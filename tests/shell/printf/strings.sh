printf '%s\n' a b c; printf '%s-%s\n' 1 2 3; printf 'x%sy\n'; printf '%5s|%-5s|%.2s|\n' abc def ghi
