echo "a\
b" 'a\
b' a\
b "\n\t\$\`\"\\\a" '\n' \n \\n "'" '"' \'\" "it's" 'say "x"' ""'' "" '' x""y''z "$(echo "in \"q\" $(echo '"')")" "`echo "in \"q\""`" "`echo \"in q\"`" "${x-\"q\"}" "${x-'q'}" ${x-\"q\"} ${x-'"q"'} "${x-\$y \\ \` \}}" "$'x'" $"x" "$"x '$'x "\
\
" "a#b" a#b #c
