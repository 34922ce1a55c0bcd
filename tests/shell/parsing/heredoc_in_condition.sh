if cat <<E
cond
E
then echo yes; fi
while read l; do echo "l=$l"; break; done <<E
x
E
