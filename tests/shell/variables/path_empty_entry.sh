echo 'echo here' > tool2; chmod +x tool2; PATH=:/bin; tool2; PATH=/bin; tool2; echo $?
