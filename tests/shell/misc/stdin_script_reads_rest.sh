printf 'read x\nthe line\necho "got $x"\n' | sh
