touch f
chmod 644 f
chmod u+x f
stat -c %a f
chmod a-r f
stat -c %a f
chmod =rw f
stat -c %a f
chmod g=u f
stat -c %a f
chmod +t f
stat -c %a f
chmod u+s,g+s f
stat -c %a f
chmod -v 600 f
chmod -c 600 f
chmod -c 644 f
chmod -f 644 nofile
echo $?
chmod 644 nofile
echo $?
mkdir -p d/e
chmod -R 700 d
stat -c %a d/e
chmod -R a+X d
stat -c %a d/e
chmod 9 f
echo $?
chmod
echo $?
chmod -x f
stat -c %a f
chmod -- -w f
stat -c %a f
chmod u+rwx,o= f
stat -c %a f
chmod -Rv 755 d
chmod x+y f
echo $?
chmod 0 f
stat -c %a f
