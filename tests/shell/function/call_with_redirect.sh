f() { echo out; echo err >&2; }; f 2>/dev/null; f >/dev/null 2>&1; x=$(f 2>&1); echo "$x"
