printf '%c%c%c\n' abc d e; printf '%s' '' ; printf '[%c]' '' | od -c
