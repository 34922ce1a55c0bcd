exec 11>f; echo x >&10; echo $?; ls /proc/$$/fd
