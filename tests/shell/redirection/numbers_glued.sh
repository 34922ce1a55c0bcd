echo a>f; cat f; echo 1>f; cat f; echo a 1>f; cat f; echo "2">f; cat f; echo 22>f; cat f 
