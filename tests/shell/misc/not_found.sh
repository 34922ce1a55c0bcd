nosuchcommand; echo $?; ./nosuchfile; echo $?; /nosuch/dir/file; echo $?; touch notexec; ./notexec; echo $?; ./; echo $?; /tmp; echo $?
