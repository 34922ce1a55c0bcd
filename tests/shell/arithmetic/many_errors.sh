(echo $((1/0))); echo $?
(echo $((1%0))); echo $?
(a=0; echo $((a/=0))); echo $?
(echo $((2**-1))); echo $?
(echo $((1?2))); echo $?
(echo $((1:2))); echo $?
(echo $((?1:2))); echo $?
(echo $((1+2+))); echo $?
(echo $((()))); echo $?
(echo $((1 ? 2 : ))); echo $?
(echo $((a=))); echo $?
(echo $((++5))); echo $?
(echo $((5++))); echo $?
(echo $((--5))); echo $?
(echo $((5--))); echo $?
(echo $((+ +5))); echo $?
(echo $((1.5))); echo $?
(echo $(('1'))); echo $?
(echo $(("1"+2))); echo $?
(echo $((\1))); echo $?
(echo $((a[1]))); echo $?
(echo $((@))); echo $?
(echo $((#))); echo $?
(echo $((1;2))); echo $?
(echo $((1
+2))); echo $?
(echo $((1 &&& 2))); echo $?
(echo $((1 =! 2))); echo $?
(echo $((!))); echo $?
(echo $((,1))); echo $?
(echo $((1,))); echo $?
(echo $((x=5 y=6))); echo $?
