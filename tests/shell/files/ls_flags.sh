mkdir d
echo hi >d/a
ln -s a d/l
ln d/a d/h
mkfifo d/p
mkdir d/sub
touch d/.hid
chmod 4755 d/a
touch -t 202001020304.05 d/a d/sub d/p d/.hid
touch -h -t 202001020304 d/l
ls d
ls -a d
ls -A d
ls -1 d
ls -F d
ls -p d
ls -C d
ls -x d
ls -d d
ls -R d
ls -l d
ls -la d | tail -n +4
ls -n d
ls -lh d
ls -s d
ls -r d
ls -S d
ls -t d
ls -X d
ls -v d
ls -lL d/l
ls -H d/l
ls -lc d | wc -l
ls -lu d | wc -l
ls --full-time d
ls -le d
ls -g d
ls -o d
