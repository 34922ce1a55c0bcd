echo input | { cat & wait; }; echo x | (read a & wait; echo "[$a]")
