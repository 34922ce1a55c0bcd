# What regcomp refuses, and where nothing counts as between words.
for r in 'a**' 'a*\{2\}' 'a\{1' 'a\{1,' 'a\{x\}' 'a\{2,1\}' 'a\{,2\}' 'a\{\}' '\(a\)\|\1' '\(a\)\(\1\|b\)' '\(\1\)' 'a\{1\}*' 'a\+*' 'a*\+' '\{1\}' 'a\{99999\}'; do
	printf '%s: ' "$r"; echo ab | sed -n "s/$r/[&]/p"; echo "=$?"
done 2>&1
for r in 'a**' 'a{1' '(a{1)' 'a{1,' 'a{x}' 'a{,2}' 'a{}' '(a)|\1' '(a)|(b)\2' '((a)|b)\2' 'a{1}{2}' '{1}' '*a' 'a|*b' '(*a)' '^*' 'a{2'; do
	printf '%s: ' "$r"; echo aab | sed -En "s/$r/[&]/p"; echo "=$?"
done 2>&1
printf '\na\n a\n' >f; grep -n '\B' f; grep -c '^\B' f; grep -n '\B$' f; grep -cE '^\B$' f
