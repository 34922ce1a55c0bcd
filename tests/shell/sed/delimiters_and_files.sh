# Escaped delimiters, carets before numbers, files of w that are there whatever is wrong, and -i that leaves nothing behind.
echo 'abc\a' | sed 'y,abc,\,\\x,'; echo 'a\b' | sed 'y/\\b/xy/'; echo 'a/b' | sed 'y/\//|/'
echo '789 789' | sed 's1\(8\)1\1\11'; echo 789 | sed 's&8&\&&'; echo 'a,b' | sed 's,\,,\,\,,'
echo aXbX | sed 's/^\(z\)*\|X/-/g'; echo aXaX | sed 's/^a/-/2'; echo aXaX | sed 's/^a\|X/-/3g'
sed -n 'w o1
s/a/b/w o2
k' </dev/null; echo "=$?"; ls o1 o2
sed 'w /nowhere/x
k' </dev/null; echo "=$?"
echo a >f; sed -i '{p' f; echo "=$?"; ls; cat f
printf 'a1\nb\n' >f; sed 's/[0-9]/-/w /dev/stdout' f nothere f
