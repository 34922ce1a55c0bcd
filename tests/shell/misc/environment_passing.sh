A=1; export B=2; sh -c 'echo "[$A][$B]"'; A=3 sh -c 'echo "[$A]"'; export A; sh -c 'echo "[$A]"'; unset A; sh -c 'echo "[${A-none}]"'
