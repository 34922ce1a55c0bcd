echo hello | tr a-y b-z
echo hello | tr -d l
echo aabbcc | tr -s a-c
echo aabb | tr -cd a
echo 'a b' | tr -c a-z X
echo AbC | tr '[:upper:]' '[:lower:]'
echo abc | tr abc x
echo 'a\b' | tr '\\' /
echo abc | tr -ds a b
echo "a1b2" | tr -d '[:digit:]'
echo "hello" | tr '[a-z]' '[A-Z]'
