echo a > f
for o in force fast best no-name quiet; do gzip --$o f; ls f*; gunzip --force f.gz; cat f; done
gzip --stdout f | gunzip
gzip --to-stdout f | zcat --force
gzip -k f; gzip --test f.gz; echo $?; gunzip --test f.gz; echo $?; gunzip --stdout f.gz; gunzip --to-stdout f.gz; ls
gunzip --no-name f.gz; echo $?
gzip --verbose f
gzip --decompress f.gz 2>&1 | head -n 1
gzip --f f.gz 2>&1 | head -n 1
gunzip --t f.gz 2>&1 | head -n 1
bzip2 --force f.gz 2>&1 | head -n 1
xz --stdout f.gz 2>&1 | head -n 1
