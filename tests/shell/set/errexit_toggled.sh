set -e; set +e; false; echo ok; set -e; set +e; (set -e; false; echo no); echo $?
