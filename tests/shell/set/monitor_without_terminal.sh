set -m; echo $? $-; set -o | grep monitor
