"""vi, in busybox's dialect: the same keys, the same bytes to the terminal.

`text` is the buffer and places in it, `undo` what happened to it, `screen` what is drawn. An `editor` has all three and reads
keys; `commands` says what each key does, and the modules that it names do it, as functions of an editor and a key. `colon` does
the same for command lines.
"""
