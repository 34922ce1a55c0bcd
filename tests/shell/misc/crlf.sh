printf 'echo a\r\n' > s; sh s | od -c
