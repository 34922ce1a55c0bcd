echo err >&2; { echo out; echo err2 >&2; } 2>&1; sh -c 'echo x >&2' 2>/dev/null
