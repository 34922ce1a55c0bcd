echo 'echo a; return 4; echo no' > lib; . ./lib; echo $?; echo 'false' > l2; . ./l2; echo $?; : > l3; false; . ./l3; echo $?
