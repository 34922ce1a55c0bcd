printf 'a b\nc\n' | xargs
printf 'a b c' | xargs -n1 echo x
printf 'a b c d' | xargs -n 2
printf 'a\0b c\0' | xargs -0 -n1 echo
printf 'a\nb\n' | xargs -I{} echo [{}]
printf '' | xargs echo hi
printf '' | xargs -r echo hi
printf 'a b' | xargs -t echo
echo "a 'b c' \"d e\" f\\ g" | xargs -n1 echo
printf 'a b' | xargs -s 10 echo
printf '1 2 3' | xargs -P 2 -n1 echo | sort
echo 'a _ b' | xargs -E _ echo
echo 'a _ b' | xargs -e_ echo
printf 'a\n' | xargs -i echo x{}
echo 1 | xargs false
echo $?
echo 1 | xargs sh -c 'exit 255'
echo $?
echo 1 | xargs nocmd
echo $?
echo 'a"b' | xargs
echo $?
xargs -n 0 </dev/null
echo $?
xargs -a nofile
echo $?
printf 'x y' >in
xargs -a in echo
echo a b | xargs -x -n1 echo
echo 1 | xargs sh -c 'kill -9 $$'
echo $?
printf 'a b\nc d\n' | xargs -L1 echo
echo $?
xargs -d , </dev/null
echo $?
echo a | xargs -I X echo XX X
