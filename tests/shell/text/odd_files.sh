# What filters and checksums say of a directory, of closed descriptors, of a full disk, and of files that are none.
mkdir dir; printf 'a 1\nb 2\n' >lines; : >empty; ln -s nowhere dangling; ln -s loop loop
long=$(printf '%0300d' 0)
show() { code=$?; echo "$1: $code"; cat out; sed 's/0\{300\}/LONG/' err; }
for applet in cat tac nl rev head tail wc md5sum sha256sum sha512sum sha3sum cksum crc32 sum base64 base32 hd hexdump strings; do
    for file in dir empty missing dangling loop lines/x lines/ '' nodir/x $long; do
        $applet "$file" >out 2>err; show "$applet $(echo "$file" | cut -c1-10)"
    done
    $applet - <&- >out 2>err; show "$applet closed input"
    : >out; $applet lines >/dev/full 2>err; show "$applet full, all well"
    case $applet in base*) continue; esac
    : >out; $applet missing lines >/dev/full 2>err; show "$applet full"
    $applet missing lines >out 2>err; show "$applet goes on"
done
wc <&- >out 2>err; show "wc closed, unnamed"
for applet in more less ascii stat tree lsattr; do
    : >out; $applet lines >/dev/full 2>err; show "$applet full"
done
for name in cp mv touch mkdir rm ls stat cd . sh; do
    eval "$name \$long new" >out 2>err || echo "$name fails"; sed 's/0\{300\}/LONG/' err | grep -o 'LONG.*'
done
mkdir "$long/x" 2>err; sed 's/0\{300\}/LONG/' err
