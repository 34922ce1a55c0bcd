for w in start stop restart foo; do case "$w" in start|stop|re*) echo "$w known";; (f??) echo "$w three";; esac; done
