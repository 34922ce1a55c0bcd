printf '1234567890abcdef1234567890abcdef1234567890abcdef' | hexdump
printf '%s' '4/1 "%x "' >fmt
printf abcd | hexdump -f fmt
echo
hexdump nofile
echo $?
printf 'abcdef' | hexdump -e '"%_ad: " 3/1 "%d," "\n"'
printf 'abcdef' | hexdump -e '"x" "y\n"'
hexdump -n x f
echo $?
