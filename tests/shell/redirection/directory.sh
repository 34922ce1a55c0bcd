echo x > /tmp; echo $?; cat < /tmp; echo $?
