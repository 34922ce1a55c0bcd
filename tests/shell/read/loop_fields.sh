printf 'a 1 x y\nb 2\n' | while read n v rest; do echo "$n=$v ($rest)"; done
