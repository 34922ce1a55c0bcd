printf; echo $?; printf -- '-%s-\n' a; printf '%s\n'; printf ''; echo $?
