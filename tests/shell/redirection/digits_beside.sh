echo a>f b; cat f; >f echo c d; cat f; echo 2>f; cat f; echo 2 >f; cat f; echo a2>f; cat f; echo \2>f; cat f; echo "2">f; cat f; echo 12>f; cat f
