"""Requests over time and how each ended: a lane for each series, a dot for an answer, a cross for a failure."""

from collections.abc import Mapping, Sequence

from podlab.plots.picture import BLUE, FAINT, INK, RED, Picture, canvas, drawn, seconds


@drawn
def requests(series: Mapping[str, Sequence[tuple[float, int]]], title: str = "requests") -> Picture:
    """Draw requests over time, with the share of those that were answered.

    Args:
        series: for each name (`"with retries"`), the requests as (seconds, HTTP status); 0 stands for no answer at all.
        title: above the picture.
    """
    figure, (axes,) = canvas(1.1 + 0.55 * max(1, len(series)), title)
    for row, requested in enumerate(series.values()):
        axes.axhline(row, color=FAINT, linewidth=0.8, zorder=0)
        good = [time for time, status in requested if is_good(status)]
        bad = [time for time, status in requested if not is_good(status)]
        axes.plot(good, [row - 0.1] * len(good), "o", color=BLUE, markersize=5, markeredgewidth=0, alpha=0.8)
        axes.plot(bad, [row + 0.12] * len(bad), "x", color=RED, markersize=6, markeredgewidth=1.8)
        axes.text(1.01, row, _share(requested), transform=axes.get_yaxis_transform(), va="center", fontsize=9, color=INK)
    axes.plot([], [], "o", color=BLUE, markersize=5, label="answered")
    axes.plot([], [], "x", color=RED, markersize=6, markeredgewidth=1.8, label="failed")
    axes.set_yticks(range(len(series)), list(series))
    axes.set_ylim(len(series) - 0.4, -0.6)
    axes.set_xlabel("seconds")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=2, fontsize=9)
    return Picture(figure, _words(series, title))


def is_good(status: int) -> bool:
    """Was a request answered as it should be?"""
    return 0 < status < 400


def _share(requested: Sequence[tuple[float, int]]) -> str:
    good = sum(is_good(status) for _, status in requested)
    return f"{100 * good / len(requested):.0f} %" if requested else "none"


def _words(series: Mapping[str, Sequence[tuple[float, int]]], title: str) -> str:
    parts = []
    for name, requested in series.items():
        good = sum(is_good(status) for _, status in requested)
        failures = sorted({status for _, status in requested if not is_good(status)})
        why = f" (failures: {', '.join(str(status) if status else 'no answer' for status in failures)})" if failures else ""
        length = seconds(max((time for time, _ in requested), default=0))
        parts.append(f"{name}: {good} of {len(requested)} requests answered within {length}{why}")
    return f"Requests over time, {title}. {'; '.join(parts)}."
