echo a > f; cat f | cat > g; cat g; { cat | cat; } < f
