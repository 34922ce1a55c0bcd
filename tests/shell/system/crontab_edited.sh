mkdir -p /var/spool/cron/crontabs /bin2
cat >/bin2/ed1 <<'E'
#!/bin/sh
echo "editing ${1%.*} with $# in $(pwd) as $(id -u) HOME=$HOME SHELL=$SHELL USER=$USER LOGNAME=$LOGNAME"
ls -l "$1" | cut -c1-10
ls -ln "$1" | awk '{print $3, $4}'
cat "$1"
echo '5 * * * * more' >>"$1"
exit 3
E
cat >/bin2/ed2 <<'E'
#!/bin/sh
echo two
echo new >x; mv x "$1"
E
chmod -R 755 /bin2
export EDITOR=/bin2/ed1
crontab -e; echo $?
cat /var/spool/cron/crontabs/root
crontab -e; crontab -l; ls /var/spool/cron
PATH=/bin2:$PATH VISUAL=ed2 crontab -e; crontab -l
VISUAL= crontab -e; echo $?; crontab -l
VISUAL=nonesuch crontab -e; echo $?; crontab -l
mkdir -p /tmp; chmod 1777 /tmp; crontab -u daemon -e; echo $?
EDITOR='rm' crontab -e; echo $?; crontab -l
ls -ln /var/spool/cron/crontabs/daemon | awk '{print $1,$3,$4}'; cat /var/spool/cron/crontabs/cron.update; ls /var/spool/cron
mkdir /ct; crontab -c /ct -e; cat /ct/root; ls /ct*
crontab -le 2>&1 | tail -1; crontab -ler 2>&1 | tail -1; crontab -rd; echo $?
crontab -e f; crontab -l
crontab -u nouser; echo $?
crontab -u nouser -e; echo $?
crontab -c /nodir -e; echo $?
rm -rf /var/spool/cron /ct /bin2
