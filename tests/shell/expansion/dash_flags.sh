echo $-; set -fu; echo $-; set +f; echo $-; set -e; echo $-
