printf 'hello\nworld\0\377\n' >f
od f
od -c f
od -x f
od -b f
od -d f
od -o f
od -i f
od -l f
od -s f
od -h f
od -a f
od -An -c f
od -Ad -c f
od -Ax -c f
od -N 3 -c f
od -j 6 -c f
od -t x1 f
od -t d2 f
od -t u1 -An f
od -t c f
od -w4 -t x1 f
od -v -c f
od -S 3 f
