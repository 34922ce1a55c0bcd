f() { echo "f $# $1"; }; f; f a b; f "a b"
