set -x; echo a b; x=1; y="a b" ; echo "$y" 'c d' ''; set +x; echo quiet
