printf 'a b\n' | xargs -p echo; echo $?
printf 'a b\n' | xargs -o cat; echo $?
printf 'a b\n' | xargs -o echo; echo $?
printf 'a\n' | xargs sh -c 'cat; echo end'; echo $?
