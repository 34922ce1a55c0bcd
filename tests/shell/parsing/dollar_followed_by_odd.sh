echo $; echo "$"; echo $/; echo a$; echo "$ x"; echo $,; echo "$'"
