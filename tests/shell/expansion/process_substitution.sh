cat <(echo in) <(echo two); x=<(echo z); case $x in /dev/fd/*) echo path;; esac
