cat <<E
$ a$ $
E
