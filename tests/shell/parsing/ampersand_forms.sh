sleep 0 & echo a & wait; { echo c & } ; wait
