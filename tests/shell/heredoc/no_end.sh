cat <<E
never closed
