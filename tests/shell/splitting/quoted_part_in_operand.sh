unset u; IFS=-; for i in ${u-a-b"c-d"e-f}; do echo "<$i>"; done
