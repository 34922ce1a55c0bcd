command_not_found_handle() { echo "handle $1"; return 9; }; nosuchcmd a; echo $?
