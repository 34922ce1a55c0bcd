{echo a; }; echo $?; echo {a,b}; echo }
