true a b; echo "[$_]"
