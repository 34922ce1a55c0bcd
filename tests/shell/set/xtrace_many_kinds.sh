set -x; echo b && echo c || echo d; ! true; [ a = b ]; test x; let 1; ((1)); [[ a == b ]]; export e=1 f; readonly g=2; unset e; shift 0; set -- a b; trap 'echo t' USR1; kill -USR1 $$; alias q=echo; read v </dev/null; getopts a o; return 2>/dev/null; exec 3>&1; . /dev/null; cat <<E
here
E
