set -o pipefail; true | false | true; echo $?; false | true; echo $?; true | true; echo $?; (exit 3) | (exit 4) | true; echo $?
