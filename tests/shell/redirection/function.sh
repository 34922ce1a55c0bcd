f() { echo out; echo err >&2; }; f > a 2> b; cat a b; f() { echo body; } > c; f; cat c
