echo 0 | sed s/0/1/ | sed s/1/2/ | sed s/2/3/ | sed s/3/4/ | sed s/4/5/ | sed s/5/6/
