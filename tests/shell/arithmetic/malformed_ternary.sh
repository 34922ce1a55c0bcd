(echo $((1?2))); echo $?; (echo $((1:2))); echo $?; (echo $((1?:2))); echo $?
