set -o nonsense; echo $?; (set -Z; echo no); echo $?
