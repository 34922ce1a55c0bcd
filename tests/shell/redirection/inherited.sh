exec 3>&1; (echo a >&3); sh -c 'echo b >&3'; /bin/sh -c 'echo c >&3' 3>&-; exec 3>&-; sh -c 'echo d >&3'; echo $?
