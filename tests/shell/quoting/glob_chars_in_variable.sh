cd /tmp; touch aa ab; x='a*'; echo $x "$x" '$x'
