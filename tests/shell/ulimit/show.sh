ulimit; ulimit -f; ulimit -c 0; ulimit -c; ulimit -Sc; ulimit -z; echo $?; ulimit -n abc; echo $?
