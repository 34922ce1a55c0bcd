set -u; : ${x:=5}; echo $x; unset y; echo ${y:-d} ${y+alt}end; f() { echo $1; }; f; echo no
