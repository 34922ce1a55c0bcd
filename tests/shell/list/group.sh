{ echo a; echo b; }; { echo c
}; x=1; { x=2; }; echo $x
