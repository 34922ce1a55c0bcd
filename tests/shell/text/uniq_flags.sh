printf 'a\na\nb\nA\n' >f
uniq f
echo -
uniq -c f
echo -
uniq -d f
echo -
uniq -u f
echo -
uniq -i f
uniq -ci f
