"""Histograms as Envoy keeps them: values in bins of two digits, of the last interval and of all time, and their quantiles."""

from dataclasses import dataclass, field
from math import ceil, floor, log10, nan
from typing import Final

from podlab.mock.kernel import SECOND

QUANTILES: Final = (0, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 100)
BUCKETS: Final = (
    0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000,
)  # fmt: skip
FLUSH_NS: Final = 5 * SECOND
"""How long an interval lasts; what is recorded shows when it is over."""
Bins = dict[tuple[float, float], int]
"""How many values there are by their bin: where it begins, and how wide it is."""


def bin_of(value: int) -> tuple[float, float]:
    """The bin of a value: its first two digits."""
    if value <= 0:
        return 0.0, 0.0
    width = 10.0 ** (floor(log10(value)) - 1)
    return floor(round(value / width, 6)) * width, width


@dataclass(slots=True)
class Histogram:
    """One histogram; `turn` counts the intervals."""

    turn: int = 0
    pending: Bins = field(default_factory=dict)
    interval: Bins = field(default_factory=dict)
    total: Bins = field(default_factory=dict)

    def record(self, value: int, now_ns: int) -> None:
        """Takes a value."""
        self.settle(now_ns)
        where = bin_of(value)
        self.pending[where] = self.pending.get(where, 0) + 1

    def settle(self, now_ns: int) -> None:
        """Lets the intervals end that are over by now."""
        turn = now_ns // FLUSH_NS
        if turn == self.turn:
            return
        self.interval = self.pending if turn == self.turn + 1 else {}
        for where, count in self.pending.items():
            self.total[where] = self.total.get(where, 0) + count
        self.pending, self.turn = {}, turn

    def summary(self, now_ns: int) -> list[tuple[float, float]] | None:
        """For each of `QUANTILES` that of the last interval and that of all time; None before anything shows."""
        self.settle(now_ns)
        return list(zip(quantiles(self.interval), quantiles(self.total), strict=True)) if self.total else None


def quantiles(bins: Bins) -> list[float]:
    """The `QUANTILES`. The values of a bin are taken to lie evenly in it."""
    ordered = sorted(bins.items())
    count = sum(bins.values())
    return [_quantile(ordered, max(1, ceil(round(q / 100 * count, 9)))) for q in QUANTILES] if count else [nan] * len(QUANTILES)


def _quantile(ordered: list[tuple[tuple[float, float], int]], rank: int) -> float:
    for (left, width), count in ordered:
        if rank <= count:
            return left + width * rank / (count + 1)
        rank -= count
    return nan


def approximate_sum(bins: Bins) -> float:
    """The sum of all values, as the bins know it."""
    return sum((left + width * left / (2 * left + width) if width else left) * count for (left, width), count in bins.items())


def below(bins: Bins, limit: float) -> int:
    """How many values lie in bins that begin at a limit or before."""
    return sum(count for (left, _), count in bins.items() if left <= limit)
