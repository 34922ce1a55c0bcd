x=g; f() { local x=l; echo $x; x=m; echo $x; }; f; echo $x
