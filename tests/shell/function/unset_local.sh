x=g; f() { local x=l; unset x; echo "[${x-unset}]"; x=again; echo $x; }; f; echo $x
