fg; echo $?; bg; echo $?; fg %1; echo $?; set -m; fg; echo $?; sleep 0.1 & fg; echo $?; sleep 0.2 & fg %1; (exit 3) & fg; echo $?
