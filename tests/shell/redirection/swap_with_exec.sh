exec 4>&1 >f; echo infile; exec >&4 4>&-; echo back; cat f; exec 6<&0 <f; read x; exec <&6 6<&-; echo $x
