X=1 Y=2 env | grep -E '^[XY]=' ; X=3 sh -c 'echo $X'; echo "[$X]"
