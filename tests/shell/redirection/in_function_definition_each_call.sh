f() { echo $1; } >> log; f a; f b; cat log
