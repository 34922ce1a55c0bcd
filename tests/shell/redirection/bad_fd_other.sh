(echo x 2>&foo); echo $?; (cat <&bar); echo $?
