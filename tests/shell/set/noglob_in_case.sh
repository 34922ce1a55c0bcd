set -f; case abc in a*) echo still;; esac
