for x in abc a1 '' 'a b' '[a]' a-b; do case $x in [a-z][0-9]) echo letter-digit;; '') echo empty;; *' '*) echo blank;; \[*\]) echo bracket;; a[-x]b) echo dash;; ???) echo three;; esac; done
