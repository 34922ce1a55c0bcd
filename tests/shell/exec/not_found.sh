(exec nosuchcmd; echo no); echo $?; (exec ./nofile); echo $?; touch nox; (exec ./nox); echo $?
