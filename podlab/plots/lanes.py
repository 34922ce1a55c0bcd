"""What became of one after another: a lane for each row, and in it a mark for each thing that happened, of its kind."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import MaxNLocator

from podlab.plots.picture import BLUE, FAINT, GREEN, ORANGE, PURPLE, RED, SKY, Picture, canvas, drawn, listed

KINDS = ((BLUE, "o"), (RED, "X"), (ORANGE, "s"), (GREEN, "^"), (PURPLE, "D"), (SKY, "v"))


@drawn
def lanes(rows: Mapping[str, Sequence[str | None]], title: str = "", *, x: str = "request") -> Picture:
    """Draw what became of one request after another.

    Args:
        rows: for each name, the kind of each in turn (`"answered"`, `"failed"`); None where there is nothing to show.
        title: above the picture.
        x: what is counted.
    """
    kinds = list(dict.fromkeys(kind for row in rows.values() for kind in row if kind is not None))
    figure, (axes,) = canvas(1.2 + 0.36 * max(1, len(rows)), title)
    for lane, (_, row) in enumerate(rows.items()):
        axes.axhline(lane, color=FAINT, linewidth=0.8, zorder=0)
        for number, kind in enumerate(kinds):
            at = [place for place, one in enumerate(row, 1) if one == kind]
            colour, mark = KINDS[number % len(KINDS)]
            axes.plot(at, [lane] * len(at), mark, color=colour, markersize=6, markeredgewidth=0)
    for number, kind in enumerate(kinds):
        colour, mark = KINDS[number % len(KINDS)]
        axes.plot([], [], mark, color=colour, markersize=6, markeredgewidth=0, label=kind)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0, max([1, *map(len, rows.values())]) + 1)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel(x)
    if kinds:
        figure.legend(loc="outside lower center", ncols=6, fontsize=9)
    return Picture(figure, _words(rows, title, x))


def _words(rows: Mapping[str, Sequence[str | None]], title: str, x: str) -> str:
    parts = []
    for name, row in rows.items():
        kinds = dict.fromkeys(kind for kind in row if kind is not None)
        last = max((at for at, kind in enumerate(row, 1) if kind is not None), default=0)
        counts = [f"{sum(one == kind for one in row)} {kind}" for kind in kinds]
        parts.append(f"{name}: {listed(counts)}, the last at {x} {last}" if counts else f"{name}: none")
    return f"{title or 'Lanes'}: {x} by {x}. {'; '.join(parts)}."
