# busybox is built without the keys of vi: the option is taken, and stays off.
set -o vi; echo $?
set -o | grep vi; set +o | grep vi
