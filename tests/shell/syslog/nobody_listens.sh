rm -f /dev/log
logger lost; echo $?; logger -s -t tag shown; echo $?
echo line | logger -s -t tag; logger -s -p nosuch.err x; echo $?; logger -p user.nosuch x; echo $?; logger -p nosuch x; echo $?
