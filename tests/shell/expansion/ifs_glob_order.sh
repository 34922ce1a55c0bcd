cd /tmp; touch 'a b' c; IFS=' '; x='a* c*'; for i in $x; do echo "<$i>"; done
