for i in $(true) "$(true)" a$(true)b; do echo "<$i>"; done
