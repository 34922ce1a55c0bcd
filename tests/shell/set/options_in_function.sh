f() { set -f; }; f; echo $-; set +f; echo $-
