(echo a; echo b) > f; cat f; { echo c; echo d; } >> f; cat f
