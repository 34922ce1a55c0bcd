{ printf 'a\n'; yes abcdefghi | head -n 150 | tr -d '\n'; printf '\n.\n1,$p\nw out\n'; } | ed -s; wc out; cut -c 1-20 out
