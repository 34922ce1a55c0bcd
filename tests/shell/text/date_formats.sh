TZ=UTC
export TZ
D='2020-02-03 04:05:06'
date -d "$D"
date -d "$D" +%Y-%m-%dT%H:%M:%S
date -u -d "$D" +%s
date -d @86400
date -R -d "$D"
date -I -d "$D"
date -Iseconds -d "$D"
date -Ihours -d "$D"
date -Iminutes -d "$D"
date -Ins -d "$D"
date -d "$D" '+%a %A %b %B %c %C %d %D %e %F %g %G %h %H %I %j %k %l %m %M %n %p %P %r %R %S %t %T %u %U %V %w %W %x %X %y %Y %z %Z %%'
date -d bad
echo $?
date -D '%d.%m.%Y' -d 03.02.2020 +%F
touch -d "$D" f
date -r f +%F
date -r nofile
echo $?
date +x -d
echo $?
date -d '10:20' +%T
date -d 202002030405.06 +%F_%T
date -d '2020-02-03' +%T
date -d '2020.02.03-04:05:06' +%F_%T
date -d 02030405 +%m%d%H%M
date -s
echo $?
date +%N | wc -c
date +%q
date +%E
date -d "$D" +%3N
date a b
echo $?
date -Ix
echo $?
TZ=EST5EDT date -d '2020-07-01 12:00'
TZ=Asia/Seoul date -d @0
date -d '2020-02-30'
echo $?
date -d '2020-02-03 25:00'
echo $?
date -d "2020-02-03T04:05:06" +%T
date -d "2020-02-03 04:05:06.5"
echo $?
date -d '2020-02-03 04:05 +0100'
date --date=@1 +%s
date --utc --reference f +%F
date --iso-8601 -d @0
date --rfc-822 -d @0
date -d yesterday
echo $?
date -d '-1 day'
echo $?
