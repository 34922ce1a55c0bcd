echo bg | cat & wait; echo done
