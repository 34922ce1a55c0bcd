echo -- -n; echo -nn a; echo; echo -ee 'a\tb'; echo -en 'x\n'; echo -z; echo "-n"; echo -n -e 'q\n'
