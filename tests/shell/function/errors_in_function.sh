f() { cd /nonexistent; echo "after $?"; nosuch_in_f; echo "after $?"; }; f
