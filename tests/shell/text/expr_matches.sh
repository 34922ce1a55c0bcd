# expr's matches: found only at the beginning, a caret warned of, groups, bytes, and what is no regular expression.
m() { expr "$@"; echo "=$?"; }
m abc : '^a'; m abc : b; m abc : 'b*'; m aab : 'a*\(b\)'; m abc : '\(x\)*abc'; m abc : 'x\|ab\|abc'; m abc : '\(x\)'
m abc : 'a\(' ; m abc : '\1'; m abc : 'a**'; m match abc '.*'; m index héllo l; m substr héllo 4 2; m length é
