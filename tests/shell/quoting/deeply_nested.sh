echo "$(echo "$(echo "$(echo "a b")")")" `echo \`echo \\\`echo deep\\\`\`` "`echo "\`echo "q r"\`"`" "${x:-"$(echo "${y:-"z  w"}")"}" $(echo $(echo $(echo '$x'))) "$(echo '"' "'" \" \' \\)" $(echo ')' "(" \)) `echo ")"` "$(case a in a) echo c;; esac)" $(case b in (b) echo d;; esac) "$(echo a # comment )
)" $((1+$(echo 2)+`echo 3`)) $(cat <<E
) here
E
)
