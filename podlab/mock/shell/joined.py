"""Trimming and replacing in all parameters at once, which come joined by NULs.

ash's matcher knows no NULs: a text ends for it at the first one. So what it looks at is one parameter, or what is left of it,
while what it cuts and copies is all of them. Where characters of a quoted "$@" had to be marked as quoted, the matcher is given
a copy without the marks, which is the first parameter alone; behind it lies what has been replaced so far.
"""

import re
from typing import Final

from podlab.mock.shell.encoding import QUOTE
from podlab.mock.shell.patterns import compile_pattern
from podlab.mock.shell.syntax import Operator

_MARK: Final = "\x81"
"""What ash puts before a character to mark it as quoted."""
_IN_QUOTES: Final = re.compile(r"[!*\-:=?\[\]~\\]")
"""The characters that it marks."""


class Joined:
    """All parameters, as ash's matcher sees them.

    The matcher has one text (`seen`) and is told another (`value`); it goes through both by equal steps, from the front or from
    the back. `seen_end` is where it takes `seen` to end, behind which there may be more.

    Args:
        value: The parameters, joined by NULs.
        quoted: They are expanded within quotes.
        pattern: The pattern, in the form of `encoding`.
    """

    __slots__ = ("is_copy", "pattern", "seen", "seen_end", "starred", "value")

    def __init__(self, value: str, quoted: bool, pattern: str) -> None:
        self.value = value
        self.pattern = compile_pattern(pattern)
        self.starred = pattern.replace(QUOTE, "").startswith("*")
        marked = _mark(value) if quoted else value
        first = value.partition("\0")[0]
        self.is_copy = not marked.startswith(first + "\0")
        self.seen = first if self.is_copy else marked
        self.seen_end = len(self.seen)

    def trim(self, operator: Operator) -> str:
        """Takes the shortest or longest match of the pattern off the start or the end."""
        value, first = self.value, self.seen.partition("\0")[0]
        if operator is Operator.TRIM_PREFIX:
            end = self.pattern.prefix_end(first, longest=False)
            return value[end:] if end >= 0 else value
        if operator is Operator.TRIM_SUFFIX_MAX:
            start = self.pattern.suffix_start(first, longest=True)
            return value[:start] if start >= 0 else value
        if operator is Operator.TRIM_PREFIX_MAX:
            end = self._told(self.pattern.prefix_end(first, longest=True), first)
            return value[end:] if end >= 0 else value
        start = self._told(self._last_suffix(), None)
        return value[:start] if start >= 0 else value

    def _told(self, place: int, whole: str | None) -> int:
        """The place in `value` for one in `seen`, counted from the back; a `whole` match is found at the end at once."""
        if place < 0:
            return -1
        return len(self.value) if whole is not None and place == len(whole) else len(self.value) - (self.seen_end - place)

    def _last_suffix(self) -> int:
        """The last place from which on something matches, up to the next NUL; -1 when there is none."""
        end = self.seen_end
        while True:
            begin = self.seen.rfind("\0", 0, end) + 1
            start = self.pattern.suffix_start(self.seen[begin:end], longest=False)
            if start >= 0:
                return begin + start
            if begin == 0:
                return -1
            end = begin - 1

    def replace(self, replacement: str, everywhere: bool) -> str:
        """Replaces the first, or each, longest match of the pattern."""
        value, size = self.value, len(self.value)
        out: list[str] = []
        index = place = 0  # in the value, and in what is seen
        while index <= size:
            end = self._match_end(index, place, out)
            if end < index or (end == index and everywhere):  # where nothing matches again and again, ash does not end
                if index == size:
                    break
                stop = size if self.starred else index + 1
                out += value[index:stop]
                place += stop - index
                index = stop
                continue
            out += replacement
            place += end - index
            index = end
            if not everywhere:
                out += value[index:].partition("\0")[0]
                break
        return "".join(out)

    def _match_end(self, index: int, place: int, done: list[str]) -> int:
        """Where the match ends that begins at `index`, at `place` of what is seen; -1 when there is none."""
        size = len(self.value)
        text = self._text_at(place, done)
        literal = self.pattern.literal
        if literal is not None:
            return min(index + len(literal), size) if text.startswith(literal) else -1
        end = self.pattern.prefix_end(text, longest=True)
        if end == len(text):
            return size
        return size - (self.seen_end - place - end) if end >= 0 and place <= self.seen_end else -1

    def _text_at(self, place: int, done: list[str]) -> str:
        """What is seen at a place, up to the next NUL: behind a copy, what has been replaced so far."""
        if place <= self.seen_end:
            end = self.seen.find("\0", place)
            return self.seen[place : end if end >= 0 else None]
        marked = _mark("".join(done))
        return marked[place - self.seen_end - 1 :].partition("\0")[0]


def _mark(text: str) -> str:
    return _IN_QUOTES.sub(lambda match: _MARK + match[0], text)
