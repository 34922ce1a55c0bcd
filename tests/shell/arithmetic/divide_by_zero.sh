(echo $((1/0)); echo no); echo $?; (echo $((1%0))); echo $?; x=0; (echo $((x/=x))); echo $?
