tmp=/tmp/t.$$; touch $tmp; trap 'rm -f $tmp; echo cleaned' EXIT INT TERM; [ -e $tmp ] && echo exists; exit 2
