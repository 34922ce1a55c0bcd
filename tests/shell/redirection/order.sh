ls /nonexistent 2>&1 >f | wc -l; ls /nonexistent >f 2>&1 | wc -l
