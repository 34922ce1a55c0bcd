set -fux 2>/dev/null; echo $-; set +fux 2>/dev/null; echo $-
