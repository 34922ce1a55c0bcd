cmd='echo "a;b" && echo c | tr c d'; eval "$cmd"; eval 'echo a; echo b' \; echo c
