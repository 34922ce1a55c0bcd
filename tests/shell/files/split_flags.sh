seq 25 >f
split -l 10 f
ls
wc -l xa*
rm x*
split -b 20 f y
ls y*
split -a 3 -l 20 f z
ls z*
split -b 1k f k
ls k*
split nofile
echo $?
split -l 0 f
echo $?
split -l x f
echo $?
seq 3 | split -l 1 - q
ls q*
split -a 1 -l 1 f
echo $?
ls x* | wc -l
split a b c
echo $?
split -d f
echo $?
