kill; echo $?; kill abc; echo $?; kill -NOPE 1; echo $?; kill 99999; echo $?; kill -l 999x; echo $?
