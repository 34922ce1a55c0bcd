{ echo no; } < nope; echo $?; if true; then echo no; fi < nope; echo $?; (echo no) < nope; echo $?; while true; do echo no; done < nope; echo $?
