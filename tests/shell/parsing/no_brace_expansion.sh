echo {a,b} {1..3} a{b,c}d; echo a{,b}; echo {}; echo { }; echo {a}
