exec 3< /nonexistent; echo no
