HOME=/work; echo 'echo profile' > .profile; sh -l -c 'echo cmd'; echo 'echo env' > e; ENV=./e sh -c 'echo no env'
