expr 1 + 2
expr 5 - 7
expr 3 \* 4
expr 7 / 2
expr 7 % 3
expr 1 / 0
echo $?
expr a = a
expr a != a
echo $?
expr 2 \< 10
expr a \< b
expr 1 \| 0
expr 0 \| ''
echo $?
expr 1 \& 0
echo $?
expr abc : 'a\(.\)c'
expr abc : a.
expr match abc 'a'
expr substr hello 2 3
expr index hello l
expr length hello
expr \( 1 + 2 \) \* 3
expr
echo $?
expr 1 +
echo $?
expr a + 1
echo $?
expr -- 1
expr + length
expr 1 2
echo $?
expr abc : 'x*'
echo $?
expr 9223372036854775807 + 1
expr ''
echo $?
expr 0
echo $?
expr quote length
expr 5 \>= 5
expr 08 + 1
expr -1 + 2
expr ' 1' + 1
echo $?
expr abc : '\(z\)*'
expr substr hello 0 2
expr substr hello 9 2
expr index hello z
expr 1 = 01
expr 2 == 2
