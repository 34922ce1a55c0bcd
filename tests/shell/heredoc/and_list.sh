cat <<E && echo ok
x
E
