"""Input: how streams are cut into records, and records into fields."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Die
from podlab.mock.programs.regex import Regex, RegexError, TooComplex, compile_regex
from podlab.mock.programs.streams import Reader, to_text

_WORDS: Final = re.compile(r"[^ \t\n]+")
_ODD_SPACES: Final = re.compile("[\x0b-\x0d\x1c-\x1f\x85\xa0]")
"""White space to Python's split, but not to awk."""


@lru_cache(maxsize=256)
def regex_of(text: str, ignore_case: bool) -> Regex:
    """A regular expression of a program. Raises Die."""
    source = text.encode("latin-1", "replace")
    try:
        return compile_regex(source, extended=True, ignore_case=ignore_case)
    except RegexError as error:
        raise Die(f"bad regex '{to_text(source)}': {error}") from error


def dynamic_regex(text: str, ignore_case: bool) -> Regex:
    """A regular expression that a program makes as it runs: one that is no extended one is taken for a basic one. Raises Die."""
    try:
        return regex_of(text, ignore_case)
    except Die:
        source = text.encode("latin-1", "replace")
        try:
            return compile_regex(source, extended=False, ignore_case=ignore_case)
        except RegexError as error:
            raise Die(f"bad regex '{to_text(source)}': {error}") from error


def find(regex: Regex, text: str, at: int = 0) -> tuple[tuple[int, int], ...] | None:
    """The next match from `at` on. Raises Die for one that takes too long."""
    return find_in(regex, text.encode("latin-1", "replace"), at)


def find_in(regex: Regex, data: bytes, at: int) -> tuple[tuple[int, int], ...] | None:
    """The same, in a text that has been encoded before."""
    try:
        return regex.search(data, at)
    except TooComplex:
        raise Die(f"bad regex '{to_text(regex.source)}': Memory exhausted") from None


def split_fields(text: str, separator: str, ignore_case: bool = False, newlines: bool = False) -> list[str]:
    """Cuts a record by FS, or a string by the separator of split.

    Args:
        text: What is cut.
        separator: A space means runs of white space, one character itself, nothing each character; else it is a regular
            expression.
        ignore_case: Whether IGNORECASE is set.
        newlines: A newline separates too (RS is empty).
    """
    if not text:
        return []
    if separator == " ":
        return _WORDS.findall(text) if _ODD_SPACES.search(text) else text.split()
    if separator == "":
        return list(text)
    if len(separator) == 1:
        if newlines and separator != "\n":
            text = text.replace("\n", separator)
        if ignore_case and separator.isalpha():
            text = text.replace(separator.swapcase(), separator)
        return text.split(separator)
    return list(split_by_regex(text, dynamic_regex(separator, ignore_case), newlines))


def most_fields(text: str, separator: str) -> int:
    """How many fields `split_fields` can make at most, where the separator is no regular expression."""
    if separator == "":
        return len(text)
    if separator == " ":
        return 1 + sum(map(text.count, " \t\n"))
    return 1 + text.count(separator) + text.count("\n") + (text.count(separator.swapcase()) if separator.isalpha() else 0)


def split_by_regex(text: str, regex: Regex, newlines: bool = False) -> Iterator[str]:
    """Cuts by matches, as `_separator` finds them. With `newlines` (RS is empty) lines are cut apart too."""
    data = text.encode("latin-1", "replace")
    if newlines:
        yield from _split_lines(data, regex)
        return
    at = 0
    while at < len(data):
        found = _separator(regex, data, at)
        if found is None:
            yield text[at:]
            return
        yield text[at : found[0]]
        at = found[1]
    yield ""


def _split_lines(data: bytes, regex: Regex) -> list[str]:
    """The parts between matches and newlines. Newlines do not add to their number: as many parts are lost at the end."""
    parts = []
    count = 1
    at = 0
    while at < len(data):
        begin, end = _separator(regex, data, at) or (len(data) + 1, 0)
        stop = data.find(b"\n", at)
        stop = stop if stop >= 0 else len(data)
        if begin <= stop:
            count += 1
        else:
            begin, end = stop, stop + 1
        parts.append(data[at:begin].decode("latin-1"))
        at = end
    return [*parts, ""][:count]


def _separator(regex: Regex, data: bytes, at: int) -> tuple[int, int] | None:
    """The next match, looked for as if the text began at `at`; while an empty one is found there, a character further on."""
    for place in range(at, len(data)):
        try:
            spans = regex.search_afresh(data, place)
        except TooComplex:
            raise Die(f"bad regex '{to_text(regex.source)}': Memory exhausted") from None
        if spans is None:
            if place == at or not regex.looks_back:
                return None
        elif spans[0][1] > place:
            return spans[0]
    return None


class RecordReader:
    """Cuts a stream by RS. Lines are taken in batches, as many as were read at once."""

    def __init__(self, proc: Process, fd: int) -> None:
        self.reader = Reader(proc, fd)
        self._batch: list[str] = []
        self._at = 0
        self._separator = "\n"
        self._held = b""
        self._ended = False

    def ready(self, separator: str) -> str | None:
        """The next record if it is at hand, when RS is one character."""
        if self._at < len(self._batch) and separator == self._separator:
            self._at += 1
            return self._batch[self._at - 1]
        return None

    async def next(self, separator: str, ignore_case: bool) -> tuple[str, str] | None:
        """The next record, and what ended it; None at the end. Raises OSError when reading failed."""
        if (text := self.ready(separator)) is not None:
            return text, separator
        self._give_back()
        if len(separator) == 1 and not self._held:
            return await self._by_character(separator)
        return await self._by_regex(separator, ignore_case)

    def _give_back(self) -> None:
        """RS has changed: what was cut is one text again."""
        if self._at < len(self._batch):
            rest = self._separator.join([*self._batch[self._at :], ""])
            self._held = rest.encode("latin-1") + self._held
        self._batch, self._at = [], 0

    async def _by_character(self, separator: str) -> tuple[str, str] | None:
        lines = await self.reader.lines(separator.encode("latin-1"))
        if not lines:
            self._raise()
            return None
        if len(lines) == 1:
            return lines[0].decode("latin-1"), "" if self.reader.unterminated else separator
        self._batch = [line.decode("latin-1") for line in lines]
        self._at, self._separator = 1, separator
        return self._batch[0], separator

    def _raise(self) -> None:
        if self.reader.error is not None:
            raise self.reader.error  # each time anew

    async def _by_regex(self, separator: str, ignore_case: bool) -> tuple[str, str] | None:
        if separator == "":
            separator = "\n\n+"
            while not self._ended and not self._held.lstrip(b"\n"):
                await self._more()
            blank = self._held != b""
            self._held = self._held.lstrip(b"\n")
            if blank and not self._held:
                return "", ""
        elif len(separator) == 1:
            separator = f"[{separator}]" if separator not in "\\^" else "\\" + separator
        regex = dynamic_regex(separator, ignore_case)
        while True:
            spans = find(regex, self._held.decode("latin-1"))
            if spans is not None and spans[0][1] > spans[0][0] and (spans[0][1] < len(self._held) or self._ended):
                begin, end = spans[0]
                record, mark = self._held[:begin], self._held[begin:end]
                self._held = self._held[end:]
                return record.decode("latin-1"), mark.decode("latin-1")
            if self._ended:
                break
            await self._more()
        record, self._held = self._held, b""
        if not record:
            self._raise()
            return None
        return record.decode("latin-1"), ""

    async def _more(self) -> None:
        data = await self.reader.read()
        self._ended = not data
        self._held += data
