awk 'BEGIN{"echo hi; echo there" | getline l; print l; "echo hi; echo there" | getline l; print l; close("echo hi; echo there")}'
