x='a   b'; y=$x; echo "$y"; z=$(echo 'c   d'); echo "$z"; w=*; echo "$w"
