set -e; cd /nonexistent 2>/dev/null; echo no
