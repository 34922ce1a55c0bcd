printf '%s\n' '100%' '%d'; printf '100%%\n'
