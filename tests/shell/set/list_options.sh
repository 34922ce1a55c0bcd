set -o; set +o
