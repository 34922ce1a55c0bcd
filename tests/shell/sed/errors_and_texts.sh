sed
echo $?
sed 'k' /dev/null
echo $?
sed 's/a' /dev/null
echo $?
sed 's/a/b/x' /dev/null
echo $?
sed '{p' /dev/null
echo $?
sed 'p}' /dev/null
echo $?
sed 'bx' /dev/null
echo $?
sed p nofile
echo $?
sed -f nofile
echo $?
sed 'y/abc/x/' /dev/null
echo $?
sed '1,p' /dev/null
echo $?
sed 's/\(/x/' /dev/null
echo $?
sed -x p /dev/null
echo $?
sed 'a' /dev/null
echo $?
sed ':' /dev/null
echo $?
sed '1,2=' /dev/null
sed 'r' /dev/null
echo $?
sed '/a/,/b' /dev/null
echo $?
sed '0p' /dev/null
echo $?
sed 's/a/\1/' /dev/null
echo $?
sed '1,2,3p' /dev/null
echo $?
sed 'pp' /dev/null
echo $?
sed 'dp' /dev/null
echo $?
sed -n
echo $?
sed -i p
echo $?
sed -e
echo $?
sed '/[/p' /dev/null
echo $?
sed -i p nofile
echo $?
sed 's/a/b/gg' /dev/null
echo $?
sed 's/a/b/0' /dev/null
echo $?
sed '2!!p' /dev/null
echo $?
sed '+1p' /dev/null
echo $?
sed --nope p
echo $?
echo a | sed 's/\(a\)\(b\)*/\2x/'
echo ab | sed 's/b*$/X/g'
echo aaa | sed 's/a/b/4'
echo 'a b' | sed 'y/ /\n/'
echo 'a\b' | sed 'y/\\/x/'
echo a | sed 'y/a/\//'
echo ab | sed -e 's/a/1/' -e 's/b/2/'
echo ab | sed 's/a/1/
s/b/2/'
echo x | sed 'a\
  two'
echo x | sed 'i\' -e '  y'
echo x | sed '1a\ta'
echo x | sed 'a a\nb'
echo x | sed '$a end'
echo x | sed -e 'a one' -e 'a two'
echo x | sed '{a foo
}'
echo x | sed 'c\'
printf 'x\ny\n' | sed '/x/c\
a\
b'
printf 'x\ny\n' | sed '$!c n'
printf 'a\nb\nc\n' | sed '/a/{N;s/\n/+/;P;D}'
printf 'a\nb\nc\n' | sed -n '/b/{g;p};h'
printf 'one\ntwo\n' | sed -n 'x;G;p'
printf 'a\n\nb\n' | sed '/^$/d'
printf 'a,b\n' | sed 's/,/\n/;P;D'
