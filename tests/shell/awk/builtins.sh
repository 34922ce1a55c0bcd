awk 'BEGIN{print system("exit 3"); print toupper("abC") tolower("XyZ"), substr("hello",2,3), index("hello","l"), length("abc")}'
