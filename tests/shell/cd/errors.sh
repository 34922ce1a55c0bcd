cd nosuch; echo $?; touch f; cd f; echo $?; cd ''; echo $? $PWD; cd -; echo $?
