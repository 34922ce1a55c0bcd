mkdir -p /var/spool/cron/crontabs
printf '* * * * * echo hi\n' | crontab -
echo $?
crontab -l
cat /var/spool/cron/crontabs/root
ls -l /var/spool/cron/crontabs/root | cut -c1-10
echo '0 0 * * * true' >f
crontab f
crontab -l
crontab -u daemon f
ls /var/spool/cron/crontabs
crontab -l -u daemon
crontab -r -u daemon
crontab -r
crontab -l
echo $?
crontab -r
echo $?
crontab nofile
echo $?
crontab -u nouser -l
echo $?
crontab -c /tmp/ct -l
echo $?
mkdir /tmp/ct
crontab -c /tmp/ct f
cat /tmp/ct/root
cat /tmp/ct/cron.update
crontab -x
echo $?
crontab -l f
echo $?
rm -rf /var/spool/cron
