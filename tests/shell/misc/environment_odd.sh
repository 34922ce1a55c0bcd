env -i 'a.b=1' PATH=/bin sh -c 'env | grep a.b; set | grep "a.b"'; env -i sh -c 'echo $PATH'
