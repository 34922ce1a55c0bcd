# unbalanced ' " ` ( {
echo "(" ')' "{" '}' # ' "
echo '`' "\`"
