echo a | { read -p 'prompt> ' x; echo $x; }
