echo 1 >a; ln a b; echo 2 >c; ln c d; ln a e; : >z; ln z y; echo 5 >p; ln -s a s; mkdir m; mkfifo w
f() { cpio -o -H newc $1 2>/dev/null | tr '\0' '@' | sed 's/0707/\n0707/g' | sed 's/^\(07070[12]\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)\(.\{8\}\)/\1 ino=\2 mode=\3 nl=\6 sz=\8 /'; }
printf 'a\nc\nb\nz\nd\ny\np\ne\ns\nm\nw\n' | f '--renumber-inodes --ignore-devno'; echo; echo ===
printf 'c\na\nb\n' | f '--renumber-inodes --ignore-devno'; echo; echo ===
printf 'c\nd\na\nb\ne\n' | f '' | sed 's/ino=......../ino=X/'; echo; echo ===
printf 'c\nd\na\nb\ne\n' | cpio -o -H newc >o; rm -f a b c d e; cpio -i <o; ls -l a b c d e | awk '{print $2, $NF}'; cat a e d
ls a b | cpio -o -H newc 2>/dev/null| dd bs=1 skip=62 count=16 2>/dev/null | tr 0-9A-F x
