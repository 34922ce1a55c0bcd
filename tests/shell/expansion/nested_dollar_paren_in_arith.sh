echo $(( $(echo 2) + $(( $(echo 3) * 2 )) ))
