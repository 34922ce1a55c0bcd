exec 5>f; n=5; echo v >&$n; cat f; m=1; echo w >&$m
