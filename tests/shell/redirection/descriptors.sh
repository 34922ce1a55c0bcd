exec 3>f; echo three >&3; exec 3>&-; cat f; (echo x >&3); echo $?
