printf 'a\n\nb\tc\n' >f
nl -v -1 f; nl -v x -w y f; nl -i -1 f; nl -i ' 3' f; nl -w '' f; nl -v 99999999999 f; nl -v 3000000000 f; echo $?
nl -b '' f; nl -b n f
nl --body-numbering=a --starting-line-number 5 --line-increment=2 --number-width=3 --number-separator=: --no-renumber f
nl --wrong f 2>&1 | head -n 1
expand -t 0 f; expand -t '' f; expand -t 4294967296 f; unexpand -t 0 f; unexpand -t -1 f; echo $?
factor +3 " +12"; factor 7 ++3 2>&1 | grep -v BusyBox; echo "+6 7" | factor; factor + 2>/dev/null; echo $?
echo "what cannot be opened, by how it is asked for"
for flag in n b nb vn e A; do cat -$flag nothere; done
echo "tabs where lines are folded"
printf 'a\tb\t c\naa\tbbbbbbbbb ccccccccccccccc\n' >t
for width in 3 8 9 12 20; do fold -s -w $width t; fold -bs -w $width t; done
