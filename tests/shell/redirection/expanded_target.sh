f=out; echo a > $f; cat out; echo b > "$f.txt"; cat out.txt; echo c > $(echo sub); cat sub
