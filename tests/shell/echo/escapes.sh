echo -e '\a\b\f\r\v\\\e' | od -c | head; echo -e '\0101\101\x41\0' | od -c; echo -e 'a\cb'; echo
