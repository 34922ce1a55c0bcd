echo a > f; echo b; { echo c; } > g; echo d; cat f g
