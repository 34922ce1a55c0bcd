seq 1 60 >a; sed '3d;30s/$/x/;58a q' a >b; diff a b >p; sed '1i new' a >c; patch c p; diff b c; cp a c; sed -i 10d c; patch c p; echo $?; diff b c; cp a c; sed -i 30d c; patch c p; echo $?; diff a c
