(exec 1>&-; echo x; echo $? >&2); (exec 2>&-; ls nosuch; echo $?); (exec 0<&-; cat; echo $?; read x; echo $?)
