"""What grep looks for in a line: patterns of any kind, with -i, -w and -x."""

from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.regex import Regex, RegexError, TooComplex, compile_regex
from podlab.mock.programs.streams import to_text

Span = tuple[int, int]
Cpu = Callable[[int], Awaitable[None]]
Find = Callable[[bytes], Span | None]

_WORD: Final = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz")


class Pattern:
    """One pattern of grep.

    Attributes:
        find: The match in a line that makes grep select it, or None. Where the pattern is `slow` (known after the first line),
            `find_slowly` is to be awaited instead.
        fixed: The text of a fixed string, else None.
    """

    __slots__ = ("_extended", "_ignore_case", "_lines", "_literal", "_regex", "_text", "_words", "find", "fixed")

    def __init__(self, text: bytes, fixed: bool, extended: bool, ignore_case: bool, words: bool, lines: bool) -> None:
        self._text, self._extended, self._ignore_case = text, extended, ignore_case
        self._words, self._lines = words, lines
        self._literal = text.lower() if ignore_case else text
        self._regex: Regex | None = None
        self.fixed = text if fixed else None
        self.find: Find
        if fixed:
            self.find = self._whole_literal if lines else self._word_literal if words else self._any_literal
            return

        def compile_and_find(line: bytes) -> Span | None:  # only when there is a line to look at: as busybox does it
            self._compile()
            self.find = self._whole_match if lines else self._word_match if words else self._any_match
            return self.find(line)

        self.find = compile_and_find

    @property
    def slow(self) -> bool:
        """Whether a search may take long. Raises Die for what is no regular expression."""
        return self.fixed is None and self._compile().slow

    def _compile(self) -> Regex:
        if self._regex is None:
            try:
                self._regex = compile_regex(self._text, self._extended, self._ignore_case)
            except RegexError as error:
                raise Die(f"bad regex '{to_text(self._text)}': {error}") from error
        return self._regex

    async def find_slowly(self, line: bytes, cpu: Cpu) -> Span | None:
        """As `find`, and others run meanwhile."""
        if not self._words or self._lines:
            found = await self.next_match(line, 0, cpu)
            return found if not self._lines or found == (0, len(line)) else None
        at = 0
        while (found := await self.next_match(line, at, cpu)) is not None:
            begin, end = found
            if _is_edge(line, begin - 1) and _is_edge(line, end):
                return begin - at, end - at
            if end == at:
                return None
            at = end
        return None

    async def next_match(self, line: bytes, at: int, cpu: Cpu) -> Span | None:
        """The next match of a regular expression from `at` on, for -o; the first one is `find`'s."""
        regex = self._compile()
        try:
            spans = await regex.search_slowly(line, at, cpu)
        except TooComplex:
            raise Die(f"bad regex '{to_text(regex.source)}': Memory exhausted") from None
        return None if spans is None else spans[0]

    # --- fixed strings ---

    def _fold(self, line: bytes) -> bytes:
        return line.lower() if self._ignore_case else line

    def _any_literal(self, line: bytes) -> Span | None:
        at = self._fold(line).find(self._literal)
        return None if at < 0 else (at, at + len(self._literal))

    def _whole_literal(self, line: bytes) -> Span | None:
        return (0, len(line)) if self._fold(line) == self._literal else None

    def _word_literal(self, line: bytes) -> Span | None:
        folded = self._fold(line)
        at = folded.find(self._literal)
        while at >= 0:
            end = at + len(self._literal)
            if _is_edge(line, at - 1) and _is_edge(line, end):
                return at, end
            at = folded.find(self._literal, at + 1)
        return None

    # --- regular expressions ---

    def _search(self, line: bytes, at: int) -> Span | None:
        assert self._regex is not None
        try:
            spans = self._regex.search_on(line, at)
        except TooComplex:
            raise Die(f"bad regex '{to_text(self._regex.source)}': Memory exhausted") from None
        return None if spans is None else spans[0]

    def _any_match(self, line: bytes) -> Span | None:
        return self._search(line, 0)

    def _whole_match(self, line: bytes) -> Span | None:
        found = self._search(line, 0)
        return found if found == (0, len(line)) else None

    def _word_match(self, line: bytes) -> Span | None:
        at = 0
        while (found := self._search(line, at)) is not None:
            begin, end = found
            if _is_edge(line, begin - 1) and _is_edge(line, end):
                return begin - at, end - at  # as busybox has it, which -o shows
            if end == at:
                return None
            at = end
        return None


def _is_edge(line: bytes, at: int) -> bool:
    """Whether no word's character stands at a place (or nothing)."""
    return not 0 <= at < len(line) or line[at] not in _WORD
