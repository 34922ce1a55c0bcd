printf "%70000d" 1 | wc -c; x=$(printf "%-2000000s|" a); echo ${#x}; printf "%*s|\n" x a; printf "%.99999s\n" abc; printf "%*d\n" -5 3; printf "%.*s|\n" -1 abc; printf "%*s"; echo $?
