printf 'a\nb\nc\nd\ne\n' >f
sed -n 2p f
sed 2d f
sed -n '2,4p' f
sed -n '$p' f
sed -n '/b/,/d/p' f
sed '2,3!d' f
sed -n '0~2p' f
sed -n '1~2p' f
sed -n '2,+1p' f
sed -n '2,~4p' f
sed -n '0,/a/p' f
sed -n '1,/a/p' f
sed '2q' f
sed '2Q' f
sed '3q5' f
echo $?
sed -n '2{p;p}' f
sed 's/b/X/;t;s/^/n/' f
sed -n '/c/=' f
sed '2a\' -e 'after' f
sed '2a after' f
sed '2i before' f
sed '2c changed' f
sed '2,3c changed' f
sed '$!d' f
sed '2a\
line1\
line2' f
sed '1i\  spaced' f
sed -e '1{' -e 's/a/Z/' -e '}' f
sed 'y/abc/xyz/' f
sed -n 'l' f
sed '/b/{n;d}' f
sed 'N;s/\n/-/' f
sed '$!N;P;D' f
sed -n 'H;${x;s/\n/,/g;p}' f
sed 'G' f
sed -n '1!G;h;$p' f
sed '1h;2g;3x' f
