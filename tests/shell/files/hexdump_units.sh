printf 'hello world 0123456789\n\0\1\2' >f
hexdump -e '1/1 "%02x "' f
echo
hexdump -e '4/1 "%02x " "\n"' f
hexdump -e '"%08_ax " 8/1 "%02X " "\n"' f
hexdump -e '16/1 "%_p" "\n"' f
hexdump -e '/1 "%_c "' f
echo
hexdump -e '/2 "%u "' f
echo
