{ echo e >&2; echo o; } 2>/dev/null | cat
