echo a & wait; echo b & wait; echo c
