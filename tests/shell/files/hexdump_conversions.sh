printf 'abcdefgh1234567' >f
hexdump -e '"%_Ad\n"' -e '4/1 "%d " "|" 4/1 "%_u " "\n"' f
hexdump -v -e '"%07.7_ax  " 8/2 "%04x " "\n"' f
hexdump -e '4/2 "%5d" "\n"' f
hexdump -e '8/1 "%c" "\n"' f
hexdump -e '/4 "%10.3f\n"' f
hexdump -e '1 "%.3s\n"' f
 hexdump -e '"%q"' f
echo $?
hexdump -e 'zz' f
echo $?;hexdump -e '/3 "%x"' f
echo $?
hexdump -n 4 -s 2 -e '4/1 "%o " "\n"' f
hexdump -e '"%s"' f
echo $?
