trap 'echo x' INT; x=$(trap); echo "$x"; (trap); trap | cat
