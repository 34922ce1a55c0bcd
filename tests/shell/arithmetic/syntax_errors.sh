(echo $((1+))); echo $?
(echo $((1 2))); echo $?
(echo $((08))); echo $?
(echo $((a b))); echo $?
(echo $((1=2))); echo $?
(echo $(('1'))); echo $?
(echo $((3#9))); echo $?
