echo a 3>&1 >&3; echo b 3>f >&3; cat f; echo c 2>&1 1>f; cat f; echo d >f >g; cat f g; cat <f <g; echo e >f 2>g >&2; cat f g
