f() { for i; do echo "<$i>"; done; }; f "a b" '*' '' \$x "$(echo c d)"
