# A separator is looked for in what is left of the record, as if that were all.
show='{ printf "%d", NF; for (i = 1; i <= NF; i++) printf "[%s]", $i; print "" }'
echo aaab | awk -F '^a' "$show"
echo 'xx yy' | awk -F '\<' "$show"
echo abc | awk -F 'x*' "$show"
echo axxbx | awk -F 'x*' "$show"
echo abc | awk -F 'c*$' "$show"
echo 'a b' | awk -F '\\>$' "$show"
printf 'a\nb--c\nd\n\ne--f\n' | awk -v RS= -F -- "$show"
printf 'a b\r\nc\r\n' | awk '{ printf "%s|%s|\n", $1, $2 }' | od -c
printf 'a\fb\vc d\n' | awk '{ print NF }'
printf '\n\n\n' | awk -v RS= '{ print NR, NF, "[" $0 "]" }'
awk 'BEGIN { print split("a:b:c", m, /^a|:/), m[1], m[2], m[3]; print split("banana", m, /na$|a/), m[1], m[2] }'
echo abc | awk -F '\' "$show"
awk -v 'x=a\' -v 'y=\' 'BEGIN { print x "|" y "|" }'
