f() { echo hi; }; set -x; f 2>/dev/null; f > /dev/null
