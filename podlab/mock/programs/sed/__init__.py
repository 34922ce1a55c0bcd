"""sed: the stream editor, in busybox' dialect.

`parser` reads a script into the commands of `script`; `editor` runs them over lines; `applet` has the options and the files.
"""
