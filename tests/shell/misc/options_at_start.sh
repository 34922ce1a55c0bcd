sh -e -c 'false; echo no'; echo $?; sh -ec 'false; echo no'; echo $?; sh -x -c 'echo t'; sh -o pipefail -c 'false | true; echo $?'; sh -u -c 'echo $x'; echo $?; sh +e -c 'echo $-'
