mkdir s; echo a > s/a; chmod 4755 s/a; touch -d '2001-02-03 04:05:06' s/a
tar -cf t.tar s; tar -cjf t.bz s; echo $?; tar -tjf t.bz; tar -tzf t.bz; echo $?
tar -caf t.tar.bz2 s; head -c 3 t.tar.bz2; echo
tar -caf t.tgz s; hexdump -n 2 -e '/1 "%02x"' t.tgz; echo; tar -taf t.tgz
tar -xJf t.tar; echo $?
mkdir o; tar -xmf t.tar -C o; test $(stat -c %Y o/s/a) -gt 1500000000; echo $?
rm -r o; mkdir o; tar -xf t.tar -C o; stat -c %Y o/s/a
rm -r o; mkdir o; umask 077; tar -xf t.tar -C o; stat -c %a o/s/a
rm -r o; mkdir o; tar --no-same-permissions -xf t.tar -C o; stat -c %a o/s/a
rm -r o; mkdir o; tar -xpf t.tar -C o; stat -c %a o/s/a
chown 3:4 s/a; tar -cf t.tar s; rm -r o; mkdir o; tar -xf t.tar -C o; stat -c %u:%g o/s/a;  rm -r o; mkdir o; tar -xof t.tar -C o; stat -c %u:%g o/s/a
echo new > o/s/a; tar -xkf t.tar -C o; echo $?; cat o/s/a; tar -xf t.tar -C o; cat o/s/a
