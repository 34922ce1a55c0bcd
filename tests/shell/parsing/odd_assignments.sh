a = 1; echo $?; a= 1; echo $?; =1; echo $?; 1a=2; echo $?; a-b=3; echo $?; a[1]=2; echo $?; a+=3; echo $?; "a"=1; echo $?; a"b"=2; echo $?
