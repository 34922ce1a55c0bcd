echo a | if read x; then echo "got $x"; fi; echo b | while read y; do echo $y; done; echo c | { cat; }; echo d | ! cat; echo $?
