f() { if [ $1 = 0 ]; then echo bottom; else f $(($1-1)); fi; }; f 800
