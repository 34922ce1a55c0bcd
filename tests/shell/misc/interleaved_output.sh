echo 1; echo 2 >&2; echo 3; (echo 4; echo 5 >&2); echo 6
