set -e; sh -c 'false; echo inner'; echo $-
