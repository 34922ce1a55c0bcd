alias x='echo no'; x; echo $?
x
