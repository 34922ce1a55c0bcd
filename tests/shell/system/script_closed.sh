# script with closed input or output, or with no room for either, ends well all the same.
ask() { grep -c hi out; rm -f out; }
timeout -s KILL 5 script -q -c 'echo hi' out <&- ; echo "$?"; ask
timeout -s KILL 5 script -q -c 'echo hi' out >&- ; echo "$?"; ask
timeout -s KILL 5 script -q -c 'echo hi' out >/dev/full; echo "$?"; ask
timeout -s KILL 5 script -q -c 'echo hi' /dev/full; echo "$?"
