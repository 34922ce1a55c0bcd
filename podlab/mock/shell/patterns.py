r"""Shell patterns: `*`, `?`, `[...]` and `\`, matched as fnmatch(3) does without flags.

A pattern is cut at its stars into segments, each of which matches a fixed number of characters. Matching looks for the segments
one after the other, so that it takes time proportional to pattern times text whatever the pattern is: there is nothing to
backtrack into.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from podlab.mock.shell.encoding import QUOTE, plain

_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "cntrl": "\0-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_META: Final = re.compile(r"[*?\[\\]")
_NEVER: Final = "(?!)"


def has_meta(text: str) -> bool:
    """Whether `text` (with its marks of quoting) may be a pattern for file names, as ash decides it."""
    index = 0
    while match := _META.search(text, index):
        char = match[0]
        index = match.end()
        if char == "\\":
            if index == len(text):
                return False
            index += 1
        elif char != "[" or "]" in text[index:]:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a pattern without stars.

    Attributes:
        length: How many characters it matches.
        literal: The very text, when it is one.
        regex: What it matches, when not.
    """

    length: int
    literal: str | None
    regex: re.Pattern[str] | None

    def at(self, text: str, index: int) -> bool:
        """Whether it matches at `index`."""
        if self.literal is not None:
            return text.startswith(self.literal, index)
        assert self.regex is not None
        return self.regex.match(text, index) is not None

    def find(self, text: str, start: int, end: int) -> int:
        """The leftmost place in `text[start:end]` where it matches, or -1."""
        if self.literal is not None:
            return text.find(self.literal, start, end)
        assert self.regex is not None
        match = self.regex.search(text, start, end)
        return match.start() if match else -1

    def find_last(self, text: str, start: int, end: int) -> int:
        """The rightmost place in `text[start:end]` where it matches, or -1."""
        if self.literal is not None:
            return text.rfind(self.literal, start, end)
        return next((index for index in range(end - self.length, start - 1, -1) if self.at(text, index)), -1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern: segments with a star between each two."""

    segments: tuple[Segment, ...]

    @property
    def literal(self) -> str | None:
        """The one text that it matches, when there is only one."""
        return self.segments[0].literal if len(self.segments) == 1 else None

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches."""
        first, *rest = self.segments
        if not rest:
            return len(text) == first.length and first.at(text, 0)
        last = rest.pop()
        end = len(text) - last.length
        if end < first.length or not first.at(text, 0) or not last.at(text, end):
            return False
        return self._middle(rest, text, first.length, end) >= 0

    @staticmethod
    def _middle(segments: list[Segment], text: str, start: int, end: int) -> int:
        """Where the segments end, found as far left as they can be in `text[start:end]`; -1 when they cannot."""
        for segment in segments:
            index = segment.find(text, start, end)
            if index < 0:
                return -1
            start = index + segment.length
        return start

    def prefix_end(self, text: str, longest: bool, start: int = 0) -> int:
        """Where the shortest or longest match that begins at `start` ends, or -1."""
        first, *rest = self.segments
        if not first.at(text, start) or start + first.length > len(text):
            return -1
        position = start + first.length
        if not rest:
            return position
        last = rest.pop()
        position = self._middle(rest, text, position, len(text))
        if position < 0:
            return -1
        index = (last.find_last if longest else last.find)(text, position, len(text))
        return index + last.length if index >= 0 else -1

    def suffix_start(self, text: str, longest: bool) -> int:
        """Where the shortest or longest match that goes to the end begins, or -1."""
        *rest, last = self.segments
        end = len(text) - last.length
        if end < 0 or not last.at(text, end):
            return -1
        if not rest:
            return end
        first, *middle = rest
        for segment in reversed(middle):
            end = segment.find_last(text, 0, end)
            if end < 0:
                return -1
        return (first.find if longest else first.find_last)(text, 0, end)


_NOTHING: Final = Pattern((Segment(0, None, re.compile(_NEVER)),))


@lru_cache(maxsize=2048)
def compile_pattern(text: str) -> Pattern:
    """Compiles a pattern in the form of `encoding`: shifted characters stand for themselves.

    A pattern that ends in a backslash matches nothing.
    """
    text = text.replace(QUOTE, "")
    segments: list[Segment] = []
    atoms: list[str] = []
    literal: list[str] | None = []
    index = 0
    while index < len(text):
        char = text[index]
        index += 1
        if char == "*":
            segments.append(_segment(atoms, literal))
            atoms, literal = [], []
            continue
        bracket = _bracket(text, index) if char == "[" else None
        if char == "?":
            atoms.append(".")
            literal = None
        elif bracket is not None:
            atom, index = bracket
            atoms.append(atom)
            literal = None
        else:
            if char == "\\":
                if index == len(text):
                    return _NOTHING
                char = text[index]
                index += 1
            atoms.append(re.escape(plain(char)))
            if literal is not None:
                literal.append(plain(char))
    segments.append(_segment(atoms, literal))
    return Pattern(tuple(segments))


def _segment(atoms: list[str], literal: list[str] | None) -> Segment:
    """A segment of atoms, each a regular expression for one character.

    `literal` are the characters when all stand for themselves.
    """
    if literal is not None:
        return Segment(len(literal), "".join(literal), None)
    return Segment(len(atoms), None, re.compile("".join(atoms), re.DOTALL))


def _bracket(text: str, index: int) -> tuple[str, int] | None:
    """Reads a bracket expression whose `[` stands before `index`: a regular expression and the index after it.

    None when it has no end.
    """
    negated = text[index : index + 1] in ("!", "^")
    index += negated
    start = index
    items: list[str | None] = []
    while True:
        if index >= len(text):
            return None
        if text[index] == "]" and index > start:
            break
        item, index = _item(text, index)
        items.append(item)
    index += 1
    if None in items:
        return _NEVER, index
    body = "".join(item for item in items if item)
    if not body:
        return ("[\\s\\S]" if negated else "[^\\s\\S]"), index
    return f"[{'^' if negated else ''}{body}]", index


def _item(text: str, index: int) -> tuple[str | None, int]:
    """A class, a range or a character of a bracket expression (None for a class that does not exist), and the index after it."""
    if text[index] == "[":
        found = _named(text, index)
        if found is not None:
            return found
    low, index = _member(text, index)
    if text[index : index + 1] == "-" and text[index + 1 : index + 2] not in ("", "]"):
        high, index = _member(text, index + 1)
        return _range(low, high), index
    return re.escape(low), index


def _member(text: str, index: int) -> tuple[str, int]:
    """One character of a bracket expression, and the index after it."""
    if text[index] == "\\" and index + 1 < len(text):
        index += 1
    elif text[index] == "[" and text[index + 1 : index + 2] in (".", "="):
        mark = text[index + 1]
        if text[index + 3 : index + 5] == mark + "]":
            return plain(text[index + 2]), index + 5
    return plain(text[index]), index + 1


def _range(low: str, high: str) -> str:
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""


def _named(text: str, index: int) -> tuple[str | None, int] | None:
    """Reads `[:class:]` at `index`: what it holds (None for an unknown class) and the index after it; None when it is not one."""
    if text[index + 1 : index + 2] != ":":
        return None
    end = text.find(":]", index + 2)
    if end < 0 or not text[index + 2 : end].isalpha():
        return None
    return _CLASSES.get(text[index + 2 : end]), end + 2
