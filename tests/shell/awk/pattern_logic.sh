awk '/a/ && !/b/ || /c/' <<EOF
a
ab
c
d
EOF
