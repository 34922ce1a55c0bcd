(sleep 0.1; ls /proc/$$/fd; ls /proc/self/fd)
