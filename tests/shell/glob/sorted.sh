cd /tmp; touch B a C b A c 10 9 _ é; echo *
