echo 'a\tb' "c\nd"
