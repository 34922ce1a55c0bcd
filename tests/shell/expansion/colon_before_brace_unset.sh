for v in q ''; do
  echo x${v:}b c}y "x${v:}b}y"z
  echo ${v:}'b  c'"d"$v}
done
unset v
echo x${v:}b}y
set -u
echo ${v:}b}
