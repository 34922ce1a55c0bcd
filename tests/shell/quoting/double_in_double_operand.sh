unset x; for i in "${x:-"a  b" c}"; do echo "<$i>"; done
