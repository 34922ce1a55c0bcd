x=$(seq 20000); cat <<E | wc
$x
E
cat <<'E' | md5sum
$(for i in 1 2; do echo; done)
E
y=$(cat <<E
$x
E
); [ "$x" = "$y" ] && echo same; read a <<E
$x
E
echo $a; while read l; do n=$l; done <<E
$x
E
echo $n
