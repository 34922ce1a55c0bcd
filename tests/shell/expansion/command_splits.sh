for i in $(echo 'a b'; echo c); do echo "<$i>"; done; for i in "$(echo 'a b'; echo c)"; do echo "<$i>"; done
