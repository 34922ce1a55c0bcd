awk 'BEGIN { print foo() }'; echo $?
