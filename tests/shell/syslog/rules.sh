cat > conf <<'X'
# comment
mail.*	/work/mail
*.err;mail.none	/work/errors
user,daemon.=info;local1.!warning	/work/info
kern.debug;*.!alert -
X
syslogd -n -L -f conf -O rest & sleep 1
logger -p mail.err a; logger -p user.err b; logger -p daemon.info c; logger -p user.notice d; logger -p local1.info e; logger -p auth.crit f
sleep 1; kill $!; wait
for f in mail errors info rest -; do echo "== $f"; cut -c 17- ./$f; done
echo 'user.nosuch /x' > bad; syslogd -n -L -f bad; echo $?; echo 'user /x' > bad; syslogd -n -f bad; echo $?; echo 'a.info /x y' > bad; syslogd -n -f bad; echo $?
syslogd -n -L -f nosuch; echo $?
