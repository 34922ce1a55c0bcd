sh -c 'echo $-'; echo 'echo $-' | sh; sh -efu -c 'echo $-'; echo 'echo $-' > s; sh s
