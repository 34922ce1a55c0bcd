x='a*b*c'; echo ${x#a\*} ${x#"a*"} ${x%'*c'} ${x#a*} ; p='a*'; echo ${x#$p} ${x#"$p"}
