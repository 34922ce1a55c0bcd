"""How the shell holds text: one character a byte, and quoting kept beside the text itself.

The machine speaks `str` in which undecodable bytes are surrogate escapes; ash works on bytes (`?` matches one byte, a
here-document may hold any of them). So inside the shell a string is the Latin-1 reading of its bytes, and only what crosses the
seam is converted (for ASCII, which nearly everything is, the conversion is the identity).

Between parsing and the last step of expansion a string also has to say which of its characters were quoted. A quoted character
that would otherwise be special is shifted out of the byte range (`protect`), and `QUOTE` marks where quotes stood, so that an
empty pair of them still makes a field. `plain` takes both away again.
"""

import re
from typing import Final

SHIFT: Final = 0x200
QUOTE: Final = "\u0101"
"""Stands for a quotation mark that has been read."""

_SPECIAL: Final = "!*-/:=?[]~\\^"
_PROTECT: Final = {ord(char): chr(ord(char) + SHIFT) for char in _SPECIAL}
_UNPROTECT: Final = {ord(char) + SHIFT: char for char in map(chr, range(256))} | {ord(QUOTE): ""}
_HAS_SPECIAL: Final = re.compile("[" + re.escape(_SPECIAL) + "]")


def protect(text: str) -> str:
    """Marks `text` as quoted: none of its characters is special any more."""
    return text.translate(_PROTECT) if _HAS_SPECIAL.search(text) else text


def plain(text: str) -> str:
    """Takes the marks of quoting away: what a command sees."""
    return text if text.isascii() else text.translate(_UNPROTECT)


def to_bytes(text: str) -> bytes:
    """The bytes that a string of the shell stands for."""
    return text.encode("latin-1")


def from_bytes(data: bytes) -> str:
    """The shell's string for some bytes."""
    return data.decode("latin-1")


def to_machine(text: str) -> str:
    """A string of the shell, as the machine wants paths, arguments and environment."""
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "surrogateescape")


def from_machine(text: str) -> str:
    """A path, argument or name from the machine, as a string of the shell."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("latin-1")


def count_characters(text: str) -> int:
    """The length as busybox counts it in `${#name}`: characters of UTF-8, an invalid byte counting as one."""
    if text.isascii():
        return len(text)
    return len(text.encode("latin-1").decode("utf-8", "surrogateescape"))


def single_quote(text: str) -> str:
    """Quotes so that the shell reads `text` back: single quotes, with runs of them in double quotes."""
    runs = re.findall("[^']+|'+", text)
    quoted = "".join(f'"{run}"' if run[0] == "'" else f"'{run}'" for run in runs)
    return quoted if runs and runs[0][0] != "'" else "''" + quoted


_NEEDS_QUOTES: Final = re.compile("[\x01-*;-?`\\[\\\\{-\xff]")


def quote_for_trace(text: str) -> str:
    """Quotes as `set -x` does: only what the shell would read differently without."""
    return single_quote(text) if _NEEDS_QUOTES.search(text) else text
