echo secret | { read -s x; echo $x; }
