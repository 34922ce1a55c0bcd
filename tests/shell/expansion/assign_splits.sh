unset u; for i in ${u:=a b c}; do echo "<$i>"; done; echo "$u"
