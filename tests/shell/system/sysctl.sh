sysctl kernel.hostname kernel.ostype; sysctl -n kernel.ostype; sysctl nos.x; echo $?; sysctl -e nos.x; echo $?; sysctl -q kernel.hostname
