printf abc >f; printf defgh >g; : >e
for s in 2 3 4 7 8 9 100; do echo "== $s"; hexdump -s $s f; hexdump -C -s $s f g; hexdump -s $s <f; done
echo; hexdump -s 1 e; hexdump -s 0 e; cat f | hexdump -s 1; cat f | hexdump -s 3; cat f | hexdump -s 4; hexdump -s 4 -n 1 f g; hexdump -s 9 -e '1/1 "%d" "%_Ad"' f; hexdump -C e f e; hexdump -n 0 f; hexdump -n 0 -C f
