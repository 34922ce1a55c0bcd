sh -v -c 'echo a
if true; then
echo b
fi'
