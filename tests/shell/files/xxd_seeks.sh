(printf abcdefgh; printf '0: 7a' | xxd -r) >o; od -c o
(printf abcdefgh; printf '0: 7a\n1: 7b\n8: 7c' | xxd -r) >o; od -c o
xxd -i -p -l 35 f; seq 100 >f; xxd -i -p -l 35 f; xxd -s 5 -l 3 /dev/zero; xxd -s 5 -l 3 /dev/null; mkfifo p; (echo abcdef >p &) ; xxd -s 2 p; echo $?
(printf abcdefgh; printf '0: 7a' | xxd -r) >>o; od -c o
printf '0: 61\nx\n1: 62\n' | xxd -r >o; echo $?; od -c o
printf '0: 61\n4: 65\n2: 63\n' | xxd -r >&2 2>/dev/null
