cat <<E | tr a-z A-Z
shout
E
