seq 10 | split -l 3; ls; cat xad; rm x*
seq 3000 | split; wc -l x*; rm x*
printf 'a\nb\nc' | split -l 2 - part; cat partab; echo; rm part*
head -c 10000 /dev/zero | split -b 4k; wc -c x*; rm x*
printf '' | split; ls; printf 'abcdefg' | split -b 3 -a 1; cat xc; echo; rm x?
seq 30 | split -l 1 -a 1; echo $?; ls x* | wc -l; cat xz
