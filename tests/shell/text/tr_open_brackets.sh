t() { echo 'a-z[]=:b' | tr "$@" 2>&1 | head -n 3; }
t '[-z' x; t '[a-' x; t '[a-]' x; t '[a-z' x; t '[[-z]' x; t '[-' x; t '[' x
t '[=' x; t '[=a' x; t '[=a=]' x; t '[=]' x; t a '[=b'
