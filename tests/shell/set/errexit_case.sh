set -e; case a in a) false;; esac; echo no
