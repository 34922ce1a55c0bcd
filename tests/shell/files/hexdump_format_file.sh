printf '%s' '4/1 "%x "' >fmt
printf abcd | hexdump -f fmt
echo
printf 'abcdef' | hexdump -e '"%_ad: " 3/1 "%d," "\n"'
printf 'abcdef' | hexdump -e '"x" "y\n"'
touch f
hexdump -n x f
echo $?
