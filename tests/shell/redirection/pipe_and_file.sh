echo x | cat > f; cat f; echo y | cat - f
