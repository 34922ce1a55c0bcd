r"""POSIX regular expressions over bytes, as grep, sed, awk, expr and the shell match them: leftmost and longest, in bounded time.

An expression is parsed once (`parser`), then matched by the quickest engine that gives POSIX' answer (`emit` decides): Python's
`re` for simple ones on short texts, RE2 for all others, a matcher of our own for backreferences (`backtrack`).

    compile_regex(rb"\([0-9]*\)x*", extended=False).search(b"a12xx")  ->  ((0, 0), (0, 0))
"""

import re
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Final

import re2

from podlab.mock.programs.regex.backtrack import PAUSE_STEPS, Backtracker, Spans, TooComplex
from podlab.mock.programs.regex.emit import emit, fits_re2, has_word_edges, is_plain, looks_back, power
from podlab.mock.programs.regex.nodes import Node
from podlab.mock.programs.regex.parser import TOO_BIG, Parser, RegexError

__all__ = ["Regex", "RegexError", "Spans", "TooComplex", "compile_regex"]

_RE_BUDGET: Final = 250_000
_RE2_MEMORY: Final = 4 << 20
_STEP_COST_NS: Final = 1_000


class Regex:
    """A compiled expression.

    Attributes:
        source: What it was compiled from.
        groups: How many groups it has.
        search: `search(text, start=0)` gives the spans of the whole match and of each group ((-1, -1) for one that took no part),
        or None.
            What stands before `start` still counts for `^` and words' edges. Raises TooComplex for a few with backreferences.
        looks_back: Whether a match may depend on what stands before it.
        plain: The expression for `re`, when that gives the same answer and takes linear time whatever the text; else None.
    """

    __slots__ = ("_groups", "_re", "_re2", "_short", "_slow", "_word_edges", "groups", "looks_back", "plain", "search", "source")

    def __init__(self, source: bytes, extended: bool, ignore_case: bool) -> None:
        parser = Parser(source, extended, ignore_case)
        node = parser.parse()
        self.source = source
        self.groups = parser.groups
        self.plain: re.Pattern[bytes] | None = None
        self.search: Callable[..., Spans | None]
        self._groups: Backtracker | None = None
        self._slow: Backtracker | None = None
        self._word_edges = has_word_edges(node)
        self.looks_back = looks_back(node)
        growth = power(node)
        self._short = int(_RE_BUDGET ** (1 / (growth + 1)))
        plain = is_plain(node)
        if plain:
            self._re = re.compile(emit(node, for_re2=False).encode("latin-1"), re.DOTALL)
        if plain and growth == 0:
            self.plain = self._re
            self.search = self._search_plain
        elif fits_re2(node):
            self._prepare_re2(node)
            self.search = self._search_either if plain else self._search_re2
            if not plain and self.groups:
                self._groups = Backtracker(node, self.groups, ignore_case)
        else:
            self._slow = Backtracker(node, self.groups, ignore_case)
            self.search = self._slow.search

    def _prepare_re2(self, node: Node) -> None:
        options = re2.Options()
        options.encoding = re2.Options.Encoding.LATIN1
        options.longest_match = True
        options.log_errors = False
        options.max_mem = _RE2_MEMORY
        try:
            self._re2 = re2.compile(emit(node, for_re2=True).encode("latin-1"), options)
        except re2.error as error:
            raise RegexError(TOO_BIG) from error

    def _search_plain(self, text: bytes, start: int = 0) -> Spans | None:
        match = self._re.search(text, start)
        return None if match is None else match.regs

    def _search_re2(self, text: bytes, start: int = 0) -> Spans | None:
        match = self._re2.search(text, start)
        return None if match is None else tuple(match.span(group) for group in range(self.groups + 1))

    def _search_either(self, text: bytes, start: int = 0) -> Spans | None:
        if len(text) - start > self._short:
            return self._search_re2(text, start)
        match = self._re.search(text, start)
        return None if match is None else match.regs

    def with_groups(self, text: bytes, spans: Spans) -> Spans:
        """A match with its groups as glibc fills them, which RE2 does a little otherwise."""
        if self._groups is None:
            return spans
        groups = self._groups.groups_in(text, *spans[0])
        return spans if groups is None else (spans[0], *groups)

    def search_on(self, text: bytes, at: int) -> Spans | None:
        """The next match from `at` on, as regexec with REG_NOTBOL finds it: words' edges do not see what was before."""
        if not self._word_edges or at == 0:
            return self.search(text, at)
        return _shifted(self.search(b"\n" + text[at:], 1), at - 1)

    def search_afresh(self, text: bytes, at: int) -> Spans | None:
        """The next match from `at` on, as if the text began there."""
        if not self.looks_back or at == 0:
            return self.search(text, at)
        return _shifted(self.search(text[at:]), at)

    @property
    def slow(self) -> bool:
        """Whether a search may take long: it should be awaited (`search_slowly`)."""
        return self._slow is not None

    async def search_slowly(self, text: bytes, at: int, cpu: Callable[[int], Awaitable[None]]) -> Spans | None:
        """As `search_on`; every few milliseconds it awaits `cpu` with the nanoseconds that it took."""
        if self._slow is None:
            return self.search_on(text, at)
        apart = self._word_edges and at > 0
        data, start = (b"\n" + text[at:], 1) if apart else (text, at)
        search = self._slow.search_bit_by_bit(data, start)
        while True:
            try:
                next(search)
            except StopIteration as stop:
                spans: Spans | None = stop.value
                break
            await cpu(PAUSE_STEPS * _STEP_COST_NS)
        return _shifted(spans, at - 1) if apart else spans

    def find_all(self, text: bytes) -> list[Spans]:
        """All matches that do not overlap, as `s///g` finds them: an empty one not right after another."""
        found = []
        at = 0
        last_end = -1
        while at <= len(text):
            spans = self.search_on(text, at)
            if spans is None:
                break
            begin, end = spans[0]
            if begin == end == last_end:
                at = end + 1
                continue
            found.append(spans)
            last_end = end
            at = end if end > begin else end + 1
        return found


def _shifted(spans: Spans | None, by: int) -> Spans | None:
    """Spans that were found in a part of a text, as they are in the whole."""
    if spans is None:
        return None
    return tuple((begin + by, end + by) if begin >= 0 else (-1, -1) for begin, end in spans)


@lru_cache(maxsize=256)
def compile_regex(source: bytes, extended: bool, ignore_case: bool = False) -> Regex:
    """Compiles an expression, or takes it from the last few hundred.

    Raises:
        RegexError: With regerror's text.
    """
    return Regex(source, extended, ignore_case)
