v=abc; echo a${v:}b}c d; echo "<${v:}}>"; x=a${v:}b}c; echo $x
