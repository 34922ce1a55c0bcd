echo x | { sleep 0.1; read -t 0; echo $?; read y; echo $y; }; read -t 0 < /dev/null; echo $?
