{ (trap "echo T" EXIT); } > f; cat f; { x=1; (trap "echo U" EXIT); } > g; echo file; cat g; h() { (trap "echo V" EXIT); }; h > i; cat i
