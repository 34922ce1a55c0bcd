x=1; x() { echo func; }; x; echo $x
