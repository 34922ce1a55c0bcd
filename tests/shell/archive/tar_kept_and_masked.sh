mkdir -p s/d; echo a > s/a; echo b > s/z; ln -s x s/l; chmod 6777 s/a; chmod 7777 s/d; tar -cf t.tar s/a s/d s/l s/z; 
umask 077; mkdir o;  tar --no-same-permissions -xf t.tar -C o; stat -c '%n %a' o/s/* 
umask 022; rm -r o; mkdir o;  tar --no-same-permissions -xf t.tar -C o; stat -c '%n %a' o/s/* 
echo new > o/s/a; rm o/s/z; tar -xvkf t.tar -C o; echo $?; cat o/s/a; ls o/s
rm o/s/a;  tar -xvkf t.tar -C o; echo $?
rm -r o; mkdir o; mkdir o/s; ln -s q o/s/l; tar -xvkf t.tar -C o; echo $?
