cd -x; echo $?; pwd -z; echo $?; chdir /tmp; pwd
