exec 3<<E
from three
E
read -u 3 x; echo $x; read -u3 y; echo $?
