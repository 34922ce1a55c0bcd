"""Which lines two texts have in common, as Hunt and McIlroy find it; the choice among equally long answers is busybox' too."""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from math import isqrt
from typing import Final, NamedTuple

_LEAST_TRIES: Final = 256


class Change(NamedTuple):
    """Lines `old_start` up to (without) `old_end` became `new_start` up to `new_end`, counted from 0."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


class _Candidate(NamedTuple):
    """The last pair of a common sequence, and the one before it."""

    old: int
    new: int
    before: "_Candidate | None"


def changes(old: Sequence[Hashable], new: Sequence[Hashable], thorough: bool = False) -> Iterator[Change]:
    """What has to be changed to make `new` of `old`, from top to bottom.

    Args:
        old: The lines of one text, as they are compared.
        new: Those of the other.
        thorough: Do not give up on lines that occur very often.
    """
    old_at = new_at = 0
    for old_index, new_index in [*_common(old, new, thorough), (len(old), len(new))]:
        if old_index > old_at or new_index > new_at:
            yield Change(old_at, old_index, new_at, new_index)
        old_at, new_at = old_index + 1, new_index + 1


def _common(old: Sequence[Hashable], new: Sequence[Hashable], thorough: bool) -> list[tuple[int, int]]:
    """The pairs of lines in common: what is the same at the start and at the end, and the longest sequence between."""
    shorter = min(len(old), len(new))
    head = 0
    while head < shorter and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < shorter - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = _longest(old[head : len(old) - tail], new[head : len(new) - tail], thorough)
    pairs = [(index, index) for index in range(head)]
    pairs += [(a + head, b + head) for a, b in middle]
    return pairs + [(len(old) - index, len(new) - index) for index in range(tail, 0, -1)]


def _longest(old: Sequence[Hashable], new: Sequence[Hashable], thorough: bool) -> list[tuple[int, int]]:
    places: dict[Hashable, list[int]] = {}
    for index, line in enumerate(new):
        places.setdefault(line, []).append(index)
    tries = len(old) + len(new) if thorough else max(_LEAST_TRIES, isqrt(len(old)))
    ends: list[int] = []
    """Where in `new` the best sequence of each length (from 1) ends; `best` holds those sequences."""
    best: list[_Candidate] = []
    for index, line in enumerate(old):
        _extend(ends, best, index, places.get(line, ()), tries)
    pairs = []
    last = best[-1] if best else None
    while last is not None:
        pairs.append((last.old, last.new))
        last = last.before
    return pairs[::-1]


def _extend(ends: list[int], best: list[_Candidate], index: int, places: Sequence[int], tries: int) -> None:
    """Takes in a line of the old text, which stands at `places` in the new one."""
    replaced, before, passed, tried = -1, None, -1, 0
    for place in places:
        if place <= passed:
            continue
        length = bisect_left(ends, place)
        if length != replaced + 1:
            before = best[length - 1] if length else None
            passed = before.new if before is not None else -1
        if length == len(ends):
            ends.append(place)
            best.append(_Candidate(index, place, before))
            return
        if ends[length] == place:
            continue
        old = best[length]
        ends[length], best[length] = place, _Candidate(index, place, before)
        replaced, before, passed = length, old, old.new
        tried += 1
        if tried >= tries:
            return
