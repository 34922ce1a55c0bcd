mkdir x y; echo 1 >x/f; echo 2 >y/f; echo n >y/new; echo o >x/old; diff -rN x y >p; cat p; cd x; patch -p1 <../p; echo $?; ls; cat f; cd ..; patch -p0 <p; echo $?
