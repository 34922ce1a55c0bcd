printf 'x\n' >n
for d in '\x41' '\101' '\012,' '\00,' '\01,' '\8' '\xzz' '\x4,' '\1011' '\0101' '\e' 'é,' 'a\' '\\n' '\' ; do paste -d "$d" n n n n | od -An -c;paste -s -d "$d" n n | od -An -c; done
