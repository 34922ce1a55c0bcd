mkpasswd -m md5 -S abcdefgh hello
mkpasswd -m sha256 -S abcdefgh hello
mkpasswd -m sha512 -S abcdefgh hello
cryptpw -m md5 hello saltsalt
mkpasswd -m des -S ab hello
mkpasswd hello ab
echo hello | mkpasswd -m md5 -S xyz
echo hello | mkpasswd -P 0 -S ab
mkpasswd -m bad x | wc -c
mkpasswd -m md5 hello | wc -c
mkpasswd -m sha512 a | cut -c1-3
mkpasswd hello | wc -c
cryptpw -S 'rounds=1000$abc' -m sha512 x
mkpasswd a b c
echo $?
mkpasswd -m sha256 hello | cut -c1-3
mkpasswd -a md5 -S q hello
mkpasswd -m MD5 -S q x
cryptpw -m sha256 hello 'longersaltthansixteen'
mkpasswd '' ab
