"""POSIX extended regular expressions for `[[ text =~ regex ]]`, matched in linear time by RE2."""

import re
from typing import Final

import re2

_INTERVAL: Final = re.compile(r"\{\d*(?:,\d*)?\}")
_MEMBER: Final = re.compile(r"\[(?::[a-z]+:|=.=|\..\.)\]", re.DOTALL)
_ASSERTIONS: Final = {"<": r"\b", ">": r"\b", "`": r"\A", "'": r"\z"}
_KEPT: Final = "wWsSbB"


class ExtendedRegex:
    """A compiled expression."""

    __slots__ = ("_compiled",)

    def __init__(self, source: str) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.log_errors = False
        options.never_capture = True
        options.dot_nl = True
        options.max_mem = 4 << 20
        self._compiled = re2.compile(source.encode("latin-1"), options)

    def search(self, text: str) -> bool:
        """Whether it matches somewhere in `text`."""
        return self._compiled.search(text.encode("latin-1")) is not None


def extended_regex(text: str) -> ExtendedRegex | None:
    """Compiles an expression; None when it is none."""
    try:
        return ExtendedRegex(_translate(text))
    except (re2.error, ValueError):
        return None


def _translate(text: str) -> str:
    """Says an extended regular expression in RE2's syntax. Raises ValueError for one that POSIX does not allow."""
    atoms: list[str] = []
    open_groups: list[int] = []
    repeated = False
    index = 0
    while index < len(text):
        char = text[index]
        interval = _INTERVAL.match(text, index) if char == "{" else None
        if char in "*+?" or interval:
            if not atoms or atoms[-1] in ("(", "|"):
                raise ValueError("nothing to repeat")
            operator = interval[0] if interval else char
            atoms[-1] = f"(?:{atoms[-1]}){operator}" if repeated else atoms[-1] + operator
            repeated = True
            index += len(operator)
            continue
        repeated = False
        if char == "(":
            open_groups.append(len(atoms))
            atoms.append(char)
        elif char == ")" and open_groups:
            start = open_groups.pop()
            atoms[start:] = ["".join(atoms[start:]) + ")"]
        elif char == "[":
            atom, index = _bracket(text, index)
            atoms.append(atom)
            continue
        elif char == "\\":
            index += 1
            if index == len(text):
                raise ValueError("trailing backslash")
            char = text[index]
            atoms.append(_ASSERTIONS.get(char) or (f"\\{char}" if char in _KEPT else re.escape(char)))
        else:
            atoms.append(char if char in ".^$|" else re.escape(char))
        index += 1
    if open_groups:
        raise ValueError("unmatched parenthesis")
    return "".join(atoms)


def _bracket(text: str, index: int) -> tuple[str, int]:
    """Reads the bracket expression at `index`; a backslash in it is an ordinary character."""
    start = index
    index += 1
    negated = text[index : index + 1] == "^"
    index += negated
    body = ""
    first = True
    while first or text[index : index + 1] != "]":
        first = False
        if index >= len(text):
            raise ValueError("unmatched bracket")
        member = _MEMBER.match(text, index)
        if member:
            body += member[0] if member[0][1] == ":" else re.escape(member[0][2])
            index = member.end()
            continue
        char = text[index]
        body += char if char == "-" and body and text[index + 1 : index + 2] != "]" else re.escape(char)
        index += 1
    if index == start + 1:
        raise ValueError("empty bracket expression")
    return f"[{'^' if negated else ''}{body}]", index + 1
