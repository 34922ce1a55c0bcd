cd /tmp; touch a1 a2 b1 b-1 b]; echo [ab]1 a[!1] [!a]* b[]-]*; echo [a-b]?; echo [[:alpha:]][[:digit:]]
