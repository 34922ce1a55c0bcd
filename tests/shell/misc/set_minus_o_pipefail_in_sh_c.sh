sh -o pipefail -c 'false | true; echo $?; set -o | grep pipefail'
