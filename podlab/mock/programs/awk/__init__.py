"""awk, in busybox' dialect.

`lexer`, `parser` and `statements` read a program into the tree of `syntax`; `compiler` (with `expressions` and `scopes`) writes
it as a Python module, once for each program text, and `interpreter` runs that over records. `values` says what numbers and
strings are to awk, `records` and `record` how input is cut, `files` where output goes, `functions` and `formats` what is built
in.

Text is held as Latin-1, a character a byte, as awk does in the C locale.
"""
