cd /tmp; cd /; cd -; echo $OLDPWD; cd -
