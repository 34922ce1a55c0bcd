trap 'echo "err $?"' ERR; f() { return 4; }; f; (exit 6); ! false; false || :; echo done
