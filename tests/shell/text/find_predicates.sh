mkdir -p a/b a/c
echo 1 >a/f
echo 22 >a/b/g
ln -s f a/l
chmod 600 a/f
touch -d 2020-01-01 a/b/g
find a | sort
find a -type f | sort
find a -type d | sort
find a -type l
find a -name '*g'
find a -iname F
find a -path '*b*' | sort
find a -maxdepth 1 | sort
find a -mindepth 2 | sort
find a -size 1c
find a -size -3c -type f | sort
find a -perm 600
find a -perm -400 -type f | sort
find a -perm /111 | sort
find a -newer a/b/g | sort
find a -mtime +100
find a -mmin -5 | wc -l
find a -empty
find a -type f -exec echo {} \; | sort
find a -type f -exec echo {} + | wc -w
find a -name g -print0 | od -c | head -n1
find a -name g -delete
find a -name g
find a -type f -o -type l | sort
find a ! -type d | sort
find a \( -name f -o -name l \) -print | sort
find a -name b -prune -o -print | sort
find a -depth | tail -n1
find a -links 1 -type f
find a -user root | wc -l
find a -group 0 | wc -l
find a -inum 1
find a -quit
find -L a -type f | sort
find a -xdev | wc -l
find a -regex '.*/f'
find a -samefile a/f
find a -executable | sort
find a -exec false \;
echo $?
find a -name f -ok echo {} \; </dev/null
