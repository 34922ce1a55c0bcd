! true; echo $?; if ! false; then echo y; fi; ! echo a | grep -q b; echo $?; sh -c 'true ! false'; echo $?
