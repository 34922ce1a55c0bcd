echo 1 > a; echo 2 > b; cat < a < b; cat < b < a
