set -u; echo ${x-default}; x=1; echo $x; echo $y; echo no
