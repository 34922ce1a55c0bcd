printf 'a%bb\n' 'x\c' y; echo; printf 'one\ctwo'; echo
