set -x; echo a > f; cat < f; echo b 2>/dev/null
