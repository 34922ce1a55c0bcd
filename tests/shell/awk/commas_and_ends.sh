echo a | awk 'print$'; echo $?
echo a | awk '{5,9}'; echo $?
echo a | awk '{print (1,2)}'; echo $?
echo a | awk '{x = 5,9}'; echo $?
echo a | awk '5,9'; echo $?
echo a | awk 'BEGIN{print 1,2; 3,4; print 5}'; echo $?
echo a | awk 'BEGIN{print$'; echo $?
echo a | awk 'BEGIN{print$}'; echo $?
echo a | awk 'print'; echo $?
echo a | awk '$'; echo $?
echo a | awk '{(5,9)}'; echo $?
echo a | awk '{if (1,0) print "y"}'; echo $?
echo a | awk '{if (0,1) print "y"}'; echo $?
echo a | awk 'BEGIN{x = (1,2); print x}'; echo $?
echo a | awk 'BEGIN{a++,b++; print a b}'; echo $?
echo a | awk 'BEGIN{for (i=0,j=5;i<2;i++,j--) print i,j}'; echo $?
