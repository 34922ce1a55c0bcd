sh -o | tr '\n' ' '; sh +o | tr '\n' ' '; sh +e -o | tr '\n' ' '; sh +x -e -o errexit -o | tr '\n' ' '
