readonly r=1; echo x | (read r; echo no); echo $?
