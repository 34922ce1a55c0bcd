"""Backslash escapes, as busybox reads them in `$'...'`, `echo -e` and `printf`."""

import re
from typing import Final

_SIMPLE: Final = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_OCTAL: Final = re.compile(r"[0-7]{1,3}")
_HEX: Final = re.compile(r"x([0-9a-fA-F]{1,2})")


def escape_at(text: str, index: int) -> tuple[str, int]:
    """Reads the escape whose backslash stands just before `index`.

    Returns:
        The character it means (a backslash when it means nothing: what follows then stands for itself), and the index after it.
    """
    octal = _OCTAL.match(text, index)
    if octal:
        digits = octal[0]
        if int(digits, 8) > 255:
            digits = digits[:2]
        return chr(int(digits, 8)), index + len(digits)
    hexadecimal = _HEX.match(text, index)
    if hexadecimal:
        return chr(int(hexadecimal[1], 16)), hexadecimal.end()
    char = text[index : index + 1]
    if char in _SIMPLE and char:
        return _SIMPLE[char], index + 1
    return "\\", index


def echo_escapes(text: str) -> tuple[str, bool]:
    r"""Replaces the escapes of `echo -e` and of `printf`'s `%b`, in which an octal number may have a leading 0.

    Returns:
        The text, and whether `\c` ended the output.
    """
    out: list[str] = []
    index = 0
    while (at := text.find("\\", index)) >= 0:
        out.append(text[index:at])
        index = at + 1
        if text.startswith("c", index):
            return "".join(out), True
        if text.startswith("0", index) and text[index + 1 : index + 2] in tuple("01234567"):
            index += 1
        char, index = escape_at(text, index)
        out.append(char)
    out.append(text[index:])
    return "".join(out), False


def dollar_quote(text: str) -> str:
    r"""Replaces the escapes in the text of `$'...'`; NUL characters vanish, and `\'` and `\"` stand for the quotes."""
    out: list[str] = []
    index = 0
    while (at := text.find("\\", index)) >= 0:
        out.append(text[index:at])
        index = at + 1
        following = text[index : index + 1]
        if following in ("'", '"') and following:
            out.append(following)
            index += 1
            continue
        if following == "e":  # an escape to `echo -e` alone
            out.append("\\")
            continue
        char, index = escape_at(text, index)
        out.append("" if char == "\0" else char)
    out.append(text[index:])
    return "".join(out)
