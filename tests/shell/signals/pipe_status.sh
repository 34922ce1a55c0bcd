(trap '' PIPE; yes 2>/dev/null; echo $? >&2) | head -1
