kill ' '; echo $?; kill 1x; echo $?; kill -TERM; echo $?
