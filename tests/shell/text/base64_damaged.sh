seq 2000 >f; for w in 7 76 77; do base64 -w $w f | md5sum; base32 -w $w f | md5sum; base64 -w $w f | base64 -d | cmp - f; done
printf a | base64; printf ab | base32; : | base64; : | base64 -w 0; base64 </dev/zero | head -n 2; head -c 1000 /dev/urandom | base64 -w 0 | base64 -d | wc -c
for i in YWJj YWI= YQ== YQ= YQ YWJjY 'YW Jj' 'YWI=YWJj' 'YQ==YWJj' 'YQ==\n' '====' 'Y===' 'YWJj=' '=YWJj' 'Y=WJ' 'YW?Jj' 'YQ==\n\n' 'YQ==?' 'YQ===' ; do printf "$i" | base64 -d; echo " $? $i"; done
for i in MFRGG=== MFRGG MFRGGZDF 'mfrgg===' 'MFRGG===MFRGG===' 'M=======' ; do printf "$i" | base32 -d; echo " $? $i"; done
for i in 'MF======' 'MFR=====' 'MFRA====' 'MFRGG===' 'MFRGGZ==' 'MFRGGZA=' ; do printf "$i" | base32 -d | od -An -c; echo " $? $i"; done
for i in 'YQ== ' 'YQ==\r\n' 'YQ==\t' 'YQ==\0'; do printf "$i" | base64 -d; echo " $? $i"; done
