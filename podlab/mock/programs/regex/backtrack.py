r"""A matcher of our own, for what the other engines cannot say: backreferences, and words' edges in odd places.

It tries all ways, keeps the longest match, and gives up after a number of steps: backreferences can take exponential time.
It pauses every so many steps, so that whoever awaits it lets others run.
"""

from collections.abc import Generator, Iterator
from itertools import chain
from typing import Final

from podlab.mock.programs.regex.nodes import WORD, At, Backreference, Bytes, Choice, Group, Node, Repeat, Sequence

MAX_STEPS: Final = 200_000
MAX_STEPS_AT_ONCE: Final = 40_000
"""What is allowed to a search that cannot pause."""
PAUSE_STEPS: Final = 5_000

Spans = tuple[tuple[int, int], ...]
_Groups = dict[int, tuple[int, int]]
_Result = tuple[int, _Groups]


class TooComplex(Exception):
    """The matcher gave up."""


class Backtracker:
    """Matches one tree.

    Args:
        node: The tree.
        groups: How many groups it has.
        ignore_case: Whether backreferences match either case.
    """

    def __init__(self, node: Node, groups: int, ignore_case: bool) -> None:
        self._node = node
        self._groups = groups
        self._ignore_case = ignore_case

    def search(self, text: bytes, start: int = 0) -> Spans | None:
        """The leftmost longest match from `start` on. Raises TooComplex."""
        search = self._search(_Run(text, self._ignore_case, MAX_STEPS_AT_ONCE), start)
        while True:
            try:
                next(search)
            except StopIteration as stop:
                found: Spans | None = stop.value
                return found

    def search_bit_by_bit(self, text: bytes, start: int = 0) -> Generator[None, None, Spans | None]:
        """The same, yielding every `PAUSE_STEPS` steps, and with more patience."""
        return self._search(_Run(text, self._ignore_case, MAX_STEPS), start)

    def _search(self, run: "_Run", start: int) -> Generator[None, None, Spans | None]:
        try:
            return (yield from self._first(run, start))
        except RecursionError:
            raise TooComplex from None

    def _first(self, run: "_Run", start: int) -> Generator[None, None, Spans | None]:
        size = len(run.text)
        for begin in range(start, size + 1):
            best: _Result | None = None
            for found in run.match(self._node, begin, {}):
                if found is None:
                    yield
                    continue
                if best is None or found[0] > best[0]:
                    best = found
                if found[0] == size:
                    break
            if best is not None:
                return ((begin, best[0]), *self._spans(best[1]))
        return None

    def groups_in(self, text: bytes, begin: int, end: int) -> Spans | None:
        """The groups of the match from `begin` to `end`, as glibc fills them; None when that takes too long."""
        try:
            for found in _Run(text, self._ignore_case, MAX_STEPS_AT_ONCE).match(self._node, begin, {}):
                if found is not None and found[0] == end:
                    return self._spans(found[1])
        except (TooComplex, RecursionError):
            pass
        return None

    def _spans(self, groups: _Groups) -> Spans:
        return tuple(groups.get(number, (-1, -1)) for number in range(1, self._groups + 1))


class _Run:
    """One search.

    Its generators give all ends of matches of a node at a place, the greediest first, and None for each pause.
    """

    def __init__(self, text: bytes, ignore_case: bool, most: int) -> None:
        self.text = text
        self._ignore_case = ignore_case
        self._left = most
        self._until_pause = PAUSE_STEPS

    def _count(self, steps: int) -> bool:
        """Counts steps; whether it is time for a pause."""
        self._left -= steps
        if self._left < 0:
            raise TooComplex
        self._until_pause -= steps
        if self._until_pause > 0:
            return False
        self._until_pause = PAUSE_STEPS
        return True

    def match(self, node: Node, at: int, groups: _Groups) -> Iterator[_Result | None]:
        """All ends of matches of `node` at a place. Raises TooComplex."""
        ways = self._ways(node, at, groups)
        return chain((None,), ways) if self._count(1) else ways

    def _ways(self, node: Node, at: int, groups: _Groups) -> Iterator[_Result | None]:
        match node:
            case Bytes(mask):
                return self._repeat_bytes(mask, 1, 1, at, groups)
            case At():
                return iter([(at, groups)] if self._holds(node, at) else [])
            case Sequence(items):
                return self._sequence(items, 0, at, groups)
            case Choice(items):
                return chain.from_iterable(self.match(item, at, groups) for item in items)
            case Group(number, item):
                return (found and (found[0], {**found[1], number: (at, found[0])}) for found in self.match(item, at, groups))
            case Repeat(Bytes(mask), least, most):
                return self._repeat_bytes(mask, least, most, at, groups)
            case Repeat(item, least, most):
                return self._repeat(item, least, most, at, groups)
            case Backreference(number):
                return self._backreference(number, at, groups)

    def _sequence(self, items: tuple[Node, ...], index: int, at: int, groups: _Groups) -> Iterator[_Result | None]:
        if index == len(items):
            yield at, groups
            return
        for found in self.match(items[index], at, groups):
            if found is None:
                yield None
            else:
                yield from self._sequence(items, index + 1, *found)

    def _repeat(self, item: Node, least: int, most: int | None, at: int, groups: _Groups) -> Iterator[_Result | None]:
        if most is None or most > 0:
            for found in self.match(item, at, groups):
                if found is None:
                    yield None
                elif found[0] > at or least > 0:
                    yield from self._repeat(item, max(least - 1, 0), None if most is None else most - 1, *found)
        if least == 0:
            yield at, groups

    def _repeat_bytes(self, mask: int, least: int, most: int | None, at: int, groups: _Groups) -> Iterator[_Result | None]:
        text = self.text
        end = at
        stop = len(text) if most is None else min(len(text), at + most)
        while end < stop and mask >> text[end] & 1:
            end += 1
        if self._count((end - at) // 8):
            yield None
        for place in range(end, at + least - 1, -1):
            yield place, groups

    def _backreference(self, number: int, at: int, groups: _Groups) -> Iterator[_Result | None]:
        if number not in groups:
            return
        begin, end = groups[number]
        if self._count((end - begin) // 256):
            yield None
        wanted = self.text[begin:end]
        found = self.text[at : at + end - begin]
        if wanted == found or (self._ignore_case and wanted.lower() == found.lower()):
            yield at + end - begin, groups

    def _holds(self, place: At, at: int) -> bool:
        if place is At.BEGIN:
            return at == 0
        if place is At.END:
            return at == len(self.text)
        before = at > 0 and WORD >> self.text[at - 1] & 1
        after = at < len(self.text) and WORD >> self.text[at] & 1
        return {
            At.WORD_BEGIN: not before and bool(after),
            At.WORD_END: bool(before) and not after,
            At.WORD_EDGE: bool(before) != bool(after),
            At.NOT_WORD_EDGE: bool(before) == bool(after),
        }[place]
