# Names that end in a slash, and files that others may not touch, read or unpack.
printf 'a\n' >file; mkdir -p dir/in; ln -s dir link; echo s >secret; chmod 000 secret; chmod 777 .
mkdir file/; echo $?; mkdir -p file/; echo $?; mkdir -p file/x; echo $?
rm file/; echo $?; ls; rm link/; echo $?; ls; rm dir//; echo $?; rm -r dir//; echo $?; ls
as() { setuidgid nobody "$@"; echo $?; }
as touch secret; as touch -d 2020-01-01 secret; as touch -m secret; as touch -c secret
chmod 666 secret; as touch secret; as touch -a secret; as touch -d 2020-01-01 secret; chmod 000 secret
for unpack in gunzip bunzip2 unxz unlzma bzcat xzcat lzcat gzip bzip2; do
    as $unpack secret; $unpack missing; echo $?; $unpack missing/; echo $?
done
xzcat . ; echo $?; unxz - <&-; echo $?
run-parts secret; echo $?; run-parts secret/; echo $?; run-parts nosuch; echo $?
printf 'a 1\n# no\n\nnosuch.key = 1\n' >conf; sysctl -p conf missing conf; echo $?
