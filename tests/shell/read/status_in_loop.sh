printf 'one\ntwo' | { while read l || [ -n "$l" ]; do echo "<$l>"; done; }
