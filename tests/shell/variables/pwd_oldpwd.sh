cd /tmp; echo $PWD $OLDPWD; cd - ; echo $PWD; cd /; cd tmp; pwd
