watch -n 1 -t echo hi & sleep 2.5; kill $!; wait; watch -n 0.5 -t echo q & sleep 1.2; kill $!; wait; watch -n 0.5 -t 'echo "$0"; exit 3' & sleep 0.7; kill $!; watch -n x echo; echo $?
