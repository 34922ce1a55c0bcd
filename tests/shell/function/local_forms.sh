f() { local a b=2 c; echo "[$a] [$b] [$c]"; a=1; }; a=out; f; echo $a; g() { local a; echo "[${a-unset}]"; }; g
