printf '%-10s|%5s|%05.1f\n' name val 3.14159 second 22 2.5
