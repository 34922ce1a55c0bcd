printf 'a\nb\nd\n' >f
printf 'b\nc\nd\n' >g
comm f g
comm -1 f g
comm -2 f g
comm -3 f g
comm -12 f g
comm -23 f g
comm -123 f g
comm f
echo $?
comm f nofile
echo $?
comm - g <f
