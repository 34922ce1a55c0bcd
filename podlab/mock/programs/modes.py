"""File modes in words: `rwxr-xr-x`, and the symbolic modes of chmod."""

import re
import stat as st
from typing import Final

_TYPES: Final = {
    st.S_IFDIR: "d",
    st.S_IFLNK: "l",
    st.S_IFCHR: "c",
    st.S_IFBLK: "b",
    st.S_IFIFO: "p",
    st.S_IFSOCK: "s",
    st.S_IFREG: "-",
}
_WHO: Final = {"u": 0o4700, "g": 0o2070, "o": 0o0007, "a": 0o7777}
_WHAT: Final = {"r": 0o444, "w": 0o222, "x": 0o111, "s": 0o6000, "t": 0o1000}
_CLAUSE: Final = re.compile(r"([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)")
_ACTION: Final = re.compile(r"([-+=])([ugo]|[rwxXst]*)")


def mode_string(mode: int) -> str:
    """Ten characters, as `ls -l` begins its lines."""
    letters = [_TYPES.get(st.S_IFMT(mode), "?")]
    for shift, special, mark in ((6, st.S_ISUID, "s"), (3, st.S_ISGID, "s"), (0, st.S_ISVTX, "t")):
        bits = mode >> shift & 7
        letters.append("r" if bits & 4 else "-")
        letters.append("w" if bits & 2 else "-")
        execute = "x" if bits & 1 else "-"
        if mode & special:
            execute = mark if bits & 1 else mark.upper()
        letters.append(execute)
    return "".join(letters)


def parse_mode(text: str, current: int, umask: int) -> int | None:
    """The permissions that a mode argument makes of `current` (whole mode, with type); None when it is no mode."""
    if text[:1] in tuple("01234567"):
        return int(text, 8) if re.fullmatch("[0-7]+", text) and int(text, 8) <= 0o7777 else None
    mode = current
    for clause in filter(None, text.split(",")):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            return None
        who = 0
        for letter in match[1]:
            who |= _WHO[letter]
        for action, what in _ACTION.findall(match[2]):
            mode = _act(mode, who, umask, action, what)
    return mode & 0o7777


def _act(mode: int, who: int, umask: int, action: str, what: str) -> int:
    if action == "=":
        mode &= ~(who or 0o7777)
    bits = _bits(what, mode) & (who or ~umask)
    return mode & ~bits if action == "-" else mode | bits


def _bits(what: str, mode: int) -> int:
    if what and what in "ugo":
        return (mode >> {"u": 6, "g": 3, "o": 0}[what] & 7) * 0o111
    bits = 0
    for letter in what:
        if letter != "X":
            bits |= _WHAT[letter]
        elif st.S_ISDIR(mode) or mode & 0o111:
            bits |= 0o111
    return bits
