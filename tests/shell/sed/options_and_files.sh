printf '1\n2\n3\n' >f
sed -i 's/2/X/' f
cat f
sed -i.bak 's/X/2/' f
cat f f.bak
sed -n -e 1p -e 3p f
echo 's/1/one/' >s
sed -f s f
sed -s -n '$p' f f.bak
sed -n '$p' f f.bak
sed --expression='s/1/a/' f
sed -z 's/\n/,/g' f
echo $?
sed --quiet p f
sed --version | head -n1
sed -n '/2/r s' f
sed '/2/r s' f
sed '/2/w o' f
cat o
sed '1r nofile' f
sed '1w /dev/stdout' f
sed 's/1/x/w /dev/stderr' f
sed '' f
sed -n '$=' f
sed '=' f
sed p f
sed '1!G;h;$!d' f
sed '/1/b;s/$/!/' f
sed ':a;N;$!ba;s/\n/ /g' f
sed -e :a -e '$!N;s/\n//;ta' f
sed '# comment
s/1/c/ # trailing' f
sed -n '#n
p' f
printf '#n\np\n' >nn
sed -f nn f
sed '1,2{/1/d;s/2/two/}' f
sed '/1/,/3/{//!d}' f
sed '2,1p' f
sed '5,2p' f
sed -n '/3/,1p' f
sed '1d;n;d' f
printf 'no newline' | sed 's/n/N/'
printf 'a\nb' | sed '$!d'
printf 'a' | sed 'p'
sed 'x;p;x' f
sed 'z' f
echo $?
sed 'F' f
echo $?
sed -n '2{=;l;q}' f
sed '2{h;d};${G}' f
sed '1~0p' f
sed '$d' f f
sed '2T;s/3/q/' f
echo $?
sed 's/1/2/;T;s/2/3/' f
