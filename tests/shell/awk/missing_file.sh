awk '{print}' /nonexist; echo $?
