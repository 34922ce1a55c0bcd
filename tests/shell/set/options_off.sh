set -f; echo $-; set +f; echo $-; set -o noglob; echo $-; set +o noglob; echo $-
