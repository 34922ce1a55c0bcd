printf ' a  b \n' | awk -F' ' '{print NF; print $1}'
