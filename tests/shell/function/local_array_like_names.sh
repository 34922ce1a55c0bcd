f() { local IFS=, PATH=$PATH; set -- a,b; echo $1 "$*"; }; f; echo "$IFS" | od -c | head -1
