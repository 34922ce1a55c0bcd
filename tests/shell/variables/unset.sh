x=1; unset x; echo "[${x-unset}]"; unset nonexistent; echo $?; f() { :; }; unset f; type f; unset -v f; x=1; unset -f x; echo $x
