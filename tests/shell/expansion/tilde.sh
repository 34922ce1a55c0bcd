HOME=/home/me; echo ~ ~/a ~/ a~ ~root ~nouser; x=~; echo $x; y=a:~/b:~; echo $y; z=~/a:~root/b; echo $z
