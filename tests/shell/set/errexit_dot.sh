set -e; echo 'false; echo no' > l; . ./l; echo no
