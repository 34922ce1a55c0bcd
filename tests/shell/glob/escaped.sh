cd /tmp; touch 'a*' 'ab' 'a?'; echo a\* a\? a"*"; echo a*; echo 'a'*
