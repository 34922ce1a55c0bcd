printf 'echo a\0b\n' > s; sh s
