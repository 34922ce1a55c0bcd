"""Histograms: the real Envoy showed these figures for values in these bins."""

import pytest

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.histograms import QUANTILES, Histogram, approximate_sum, below, bin_of, quantiles

VALUES = [58, 60, 123, 124, 129, 345]
SEEN = {0: 58.5, 25: 60.5, 50: 122.5, 75: 127.5, 90: 345, 95: 345, 99: 345, 99.5: 345, 99.9: 345, 100: 345}


def histogram(values: list[int]) -> Histogram:
    found = Histogram()
    for value in values:
        found.record(value, SECOND)
    return found


@pytest.mark.parametrize(
    ("value", "where"),
    [(0, (0, 0)), (1, (1, 0.1)), (9, (9, 0.1)), (21, (21, 1)), (105, (100, 10)), (999, (990, 10)), (1000, (1000, 100))],
)
def test_bin_has_two_digits(value: int, where: tuple[float, float]) -> None:
    assert bin_of(value) == pytest.approx(where)


def test_quantiles_are_envoys() -> None:
    assert histogram(VALUES).summary(6 * SECOND) == [(SEEN[q], SEEN[q]) for q in QUANTILES]


def test_sum_and_buckets_are_envoys() -> None:
    found = histogram(VALUES)
    found.settle(6 * SECOND)
    assert approximate_sum(found.total) == pytest.approx(838.31913049620561650954186916351)
    assert [below(found.total, limit) for limit in (50, 100, 250, 500)] == [0, 2, 5, 6]


def test_values_show_when_their_interval_is_over() -> None:
    found = histogram([7])
    assert found.summary(4 * SECOND) is None
    assert found.summary(5 * SECOND) is not None
    last, total = (found.summary(10 * SECOND) or [])[0]
    assert last != last  # there was nothing in that interval
    assert total == pytest.approx(7.05)


def test_nothing_has_no_quantiles() -> None:
    assert all(value != value for value in quantiles({}))
