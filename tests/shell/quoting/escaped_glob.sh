cd /tmp; touch aa ab; echo a\* a'*' a"*" a*
