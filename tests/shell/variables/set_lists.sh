a=1; b='x y'; c="it's"; set | grep -E "^[abc]="
