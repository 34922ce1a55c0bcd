sh -a -c 'x=1; env | grep ^x='; sh -o allexport -c 'y=1; sh -c "echo \$y"'; sh -a -c 'set +a; z=1; env | grep ^z='
