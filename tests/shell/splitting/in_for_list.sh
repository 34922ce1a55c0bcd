IFS=,; for i in a,b $(echo c,d) "e,f"; do echo "<$i>"; done
