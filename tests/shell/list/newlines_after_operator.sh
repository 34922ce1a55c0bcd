true &&
echo a ||
echo b
