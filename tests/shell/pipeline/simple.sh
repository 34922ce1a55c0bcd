echo abc | tr a-c x-z; echo 1 | cat | cat | cat
