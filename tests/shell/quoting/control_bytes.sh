x=$(printf '\001\002\003\177\376\377'); echo "$x" | od -An -tx1; set -- $x; echo $#; echo "${#x}"; [ "$x" = $x ] && echo eq; eval "y='$x'"; [ "$x" = "$y" ] && echo eq2; export x; sh -c 'echo "$x"' | od -An -tx1; echo $'\001\x02\e' | od -An -tx1; read a <<E
$x
E
echo "$a" | od -An -tx1; printf '%s\n' "$x" | sort | od -An -tx1; set | grep ^x= | od -An -tx1
