mkdir p q; seq 5 >o; 
t() { echo "= $*"; patch "$@" <D; echo $?; ls; }
c() { rm -f [a-z]; seq 5 >o; }
diff -L o -L nothere -uN o nothere >D; c; t; c; t -E; c; t --dry-run; c; t -E --dry-run; c; t -R; rm o; t -R; cat o; c; t -p0; c; t o; c; t x
diff -L nothere -L o -uN nothere o >D; c; t; rm o; t; cat o; c; t -R; c; t -R -E; rm o; t --dry-run; c; t -p1; rm o; t x; cat x
printf -- '--- a/o\t1970-01-01 00:00:00\n+++ b/n\t2020-01-01 00:00:00\n@@ -0,0 +1,2 @@\n+x\n+y\n' >D; c; t -p1; cat n; c; t; c; t -R; c; t -p0; c; t -p2
printf -- '--- a/o\t2020-01-01\n+++ b/n\t1970-01-01\n@@ -1,2 +0,0 @@\n-x\n-y\n' >D; c; t -p1; cat o; c; t -E; c; t -R; cat o
printf -- '--- o\n+++ n\n@@ -2,1 +2,1 @@\n-2\n+two\n' >D; c; t; c; cp o n; t; cat n; c; t -R; c; sed s/2/two/ o >n; cp n o; t -R; cat o; t -R; t -N; t
printf -- '+++ n\n@@ -2,1 +2,1 @@\n-2\n+two\n' >D; c; cp o n; t; cat n; t -R
printf -- '--- o\n@@ -2,1 +2,1 @@\n-2\n+two\n' >D; c; t; t -R
printf -- '--- o\n+++ o\n@@ -0,0 +0,0 @@\n-2\n' >D; c; t
printf -- '--- o\n+++ o\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n' >D; c; t; cat o; t; t -N; cat o; t -R; cat o; t -R; t -N -R
printf -- '--- o\n+++ o\n@@ -1,3 +1,4 @@\n 1\n+5\n 2\n 3\n@@ -5 +6 @@\n-5\n+five\n' >D; c; sed -i s/3/three/ o; t; c; t; cat o; t; t -R; cat o
printf -- '--- o//x\n+++ ./o//n\n@@ -2,1 +2,1 @@\n-2\n+two\n' >D; c; cp o n; t; cat n; c; t -p1; t -p2; t -p3
printf -- '--- o\n+++ o\n@@ -1,3 +1,3 @@\n 1\n-2\n+two\n x\n' >D; c; t; sed -i 2s/2/two/ o; t; t -R
printf -- '--- o\n+++ o\n@@ -1,2 +1,2 @@\n-two\n+2\n 9\n--- o\n+++ n\n@@ -1 +1 @@\n-1\n+one\n' >D; c; cp o n; t; cat n o
