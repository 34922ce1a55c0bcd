set -e; true; echo a; false; echo no
