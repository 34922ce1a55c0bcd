printf '        a       b\n    c   d   e\n        \t  x\n' >f
unexpand -t 4 -f f | cat -A
unexpand -t4 f | cat -A
unexpand -f f | cat -A
unexpand -a f | cat -A
unexpand -t 3 f | cat -A
unexpand -f -t 3 f | cat -A
unexpand -a -t 3 f | cat -A
unexpand -a -f f | cat -A
