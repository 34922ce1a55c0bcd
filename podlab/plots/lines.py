"""Numbers over time, or over the requests: a line for each series, and the level that they are held against."""

from collections.abc import Mapping, Sequence

from podlab.plots.picture import INK, SERIES, Picture, canvas, drawn

MARKS = ("o", "s", "^", "D", "v", "P")
MARKED_POINTS = 40
"""A line of more points is drawn without marks."""


@drawn
def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    title: str = "",
    *,
    x: str = "seconds",
    y: str = "",
    level: tuple[float, str] | None = None,
    top: float | None = None,
) -> Picture:
    """Draw numbers over time.

    Args:
        series: for each name, its points as (x, y).
        title: above the picture.
        x: what stands below it.
        y: what stands beside it.
        level: a number to hold them against, and what it is.
        top: the largest y that is shown; None for all.
    """
    figure, (axes,) = canvas(2.6, title)
    for number, (name, points) in enumerate(series.items()):
        mark = MARKS[number % len(MARKS)] if len(points) <= MARKED_POINTS else ""
        colour = SERIES[number % len(SERIES)]
        axes.plot([at for at, _ in points], [value for _, value in points], color=colour, marker=mark, markersize=5, label=name)
    if level is not None:
        axes.axhline(level[0], color=INK, linestyle=":", label=level[1])
    axes.set(xlabel=x, ylabel=y)
    axes.set_ylim(0, top)
    axes.legend(fontsize=9, loc="lower right", bbox_to_anchor=(1, 1), ncols=4)
    return Picture(figure, _words(series, title, x, y, level))


def _words(
    series: Mapping[str, Sequence[tuple[float, float]]], title: str, x: str, y: str, level: tuple[float, str] | None
) -> str:
    parts = []
    for name, points in series.items():
        values = [value for _, value in points]
        if not values:
            parts.append(f"{name}: nothing")
            continue
        parts.append(f"{name}: between {min(values):.3g} and {max(values):.3g}, at the end {values[-1]:.3g}")
    against = f" The level, {level[1]}: {level[0]:.3g}." if level is not None else ""
    return f"{title or 'Lines'}: {y or 'values'} over {x}. {'; '.join(parts)}.{against}"
