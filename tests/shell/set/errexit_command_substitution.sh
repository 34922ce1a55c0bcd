set -e; x=$(false; echo here); echo "$x"; y=$(false); echo no
