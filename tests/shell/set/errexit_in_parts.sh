set -e; eval 'false || true; false && true'; echo a; . /dev/null; for i in 1; do false && :; done; echo b; case x in x) false || :;; esac; echo c; for i in 1; do false; done; echo no
