echo "$'a\tb'"
