printf 'echo a; echo b' > s; sh s
