echo -n a; echo b; echo -e 'a\tb\n'; echo -ne 'x\ty'; echo; echo -E 'a\tb'; echo -x; echo - a; echo -- b; echo -nx
