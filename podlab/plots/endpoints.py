"""Endpoints over time: which pods stood behind a service when, from the times in which each was Ready."""

from collections.abc import Sequence

from podlab.lab.timeline import Timeline
from podlab.plots.picture import BLUE, FAINT, GREEN, Picture, canvas, drawn, listed, seconds


@drawn
def endpoints(lives: Sequence[Timeline], service: str = "the service", offsets: Sequence[float] | None = None) -> Picture:
    """Draw how many pods were ready to take requests, and which.

    Args:
        lives: the timelines of the pods that the service selects.
        service: its name.
        offsets: when each pod was created, in seconds on a common clock; by default all at once.
    """
    starts = list(offsets) if offsets is not None else [0.0] * len(lives)
    spans = [[(start + at, end + at) for start, end in life.ready] for life, at in zip(lives, starts, strict=True)]
    end = max([1.0, *(life.end + at for life, at in zip(lives, starts, strict=True))])
    figure, (above, below) = canvas(
        2.2 + 0.32 * len(lives), f"endpoints of {service}", rows=2, ratios=(1.6, max(1.0, 0.4 * len(lives)))
    )
    times, counts = steps([span for row in spans for span in row], end)
    above.step(times, counts, where="post", color=BLUE, linewidth=2)
    above.fill_between(times, counts, step="post", color=BLUE, alpha=0.2)
    above.set_ylim(0, len(lives) + 0.3)
    above.set_yticks(range(len(lives) + 1))
    above.set_ylabel("ready")
    for row, parts in enumerate(spans):
        below.barh(row, end - starts[row], left=starts[row], height=0.12, color=FAINT)
        for start, stop in parts:
            below.barh(row, stop - start, left=start, height=0.5, color=GREEN)
    below.set_yticks(range(len(lives)), [life.pod for life in lives])
    below.set_ylim(len(lives) - 0.4, -0.6)
    below.set_xlim(0, end)
    below.set_xlabel("seconds")
    return Picture(figure, _words(lives, spans, service, end, counts))


def steps(spans: Sequence[tuple[float, float]], end: float) -> tuple[list[float], list[int]]:
    """How many spans hold at each time: the times at which the number changes, from 0 to `end`, and the numbers from there on."""
    times = sorted({0.0, end, *(time for span in spans for time in span if 0 < time < end)})
    return times, [sum(start <= time < stop or time == end == stop for start, stop in spans) for time in times]


def _words(lives: Sequence[Timeline], spans: list[list[tuple[float, float]]], service: str, end: float, counts: list[int]) -> str:
    parts = [
        f"{life.pod} {listed([f'from {seconds(start)} to {seconds(stop)}' for start, stop in row]) or 'never'}"
        for life, row in zip(lives, spans, strict=True)
    ]
    head = f"Ready endpoints of {service} over {seconds(end)}: {max(counts, default=0)} at most, {counts[-1]} at the end."
    return f"{head} Ready were {'; '.join(parts)}."
