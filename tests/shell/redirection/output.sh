echo a > f; cat f; echo b > f; cat f; echo c >> f; cat f; > f; wc -c < f
