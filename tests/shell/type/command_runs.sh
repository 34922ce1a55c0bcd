f() { echo func; }; echo() { printf 'shadow\n'; }; command echo real; command f; echo $?; command -p ls / > /dev/null; builtin_none 2>/dev/null; command; echo $?
