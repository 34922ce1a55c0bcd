a="x y" c="*"
cat <<E
"${a##"$c"}" ${a##"*"} ${a%"$c"y}
E
echo "${a##"$c"}"
