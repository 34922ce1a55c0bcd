unset 1x; echo no
