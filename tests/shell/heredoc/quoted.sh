x=v; cat <<'E'
$x $(echo cmd) \$ \\ `x`
E
cat <<\E
$x
E
cat <<"E"
$x
E
