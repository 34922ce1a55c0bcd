IFS=a; echo xay; v=xay; echo $v; set -- bab; echo $#
