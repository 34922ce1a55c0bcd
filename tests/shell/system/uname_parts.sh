test "$(uname -srv)" = "$(uname) $(uname -r) $(uname -v)"; echo $?
test "$(uname -r)" = "$(cat /proc/sys/kernel/osrelease)"; echo $?
test "$(uname -v)" = "$(cat /proc/sys/kernel/version)"; echo $?
