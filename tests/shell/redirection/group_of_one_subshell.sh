{ (echo hi) > a; } > b; ls; cat b; { (echo x) > c; }; cat c; { (echo y); } > d; cat d
