last; echo $?; last -W; echo $?; last -f /nofile; echo $?; last -H x; echo $?; head -c 384 /dev/zero >w; last -f w; last -W -f w; head -c 768 /dev/zero >w; last -f w x y | tail -n 1; last -f
