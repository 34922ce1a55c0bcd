echo `nosuch`
echo `echo $LINENO
echo $LINENO; nosuch`
echo a `echo b;; echo c` d
f() {
  echo `nosuch` `echo x) y` $(nosuch)
}

f
for i in 1 2; do
  echo `nosuch`
  eval 'echo `nosuch`'
done
sh -c 'echo `if`'
echo `if`
