echo a > f; echo b 1>> f 2>&1; cat f
