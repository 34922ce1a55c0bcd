echo a >f1 >f2 >f3; ls; cat f3; wc -c < f1
