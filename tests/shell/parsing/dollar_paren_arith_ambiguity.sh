echo $( (echo sub) ) $( ( echo a; echo b ) | cat )
