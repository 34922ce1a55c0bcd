"""A class's results: how points are spread, and which checks were failed most."""

from collections.abc import Mapping, Sequence

from matplotlib.ticker import MaxNLocator

from podlab.plots.picture import BLUE, FAINT, INK, ORANGE, Picture, canvas, drawn

BINS = 20
MOST = 15


@drawn
def distribution(scores: Sequence[float], max_score: float) -> Picture:
    """Draw how many students have how many points.

    Args:
        scores: one a student; one at least.
        max_score: what can be had.
    """
    ordered = sorted(scores)
    middle = ordered[len(ordered) // 2]
    figure, (axes,) = canvas(2.8, "points")
    step = max(max_score, 1) / min(BINS, max(round(max_score), 1))
    edges = [step * n - step / 2 for n in range(round(max(max_score, 1) / step) + 2)]
    axes.hist(ordered, bins=edges, color=BLUE, rwidth=0.9)
    axes.axvline(middle, color=ORANGE, linewidth=2, linestyle="--")
    axes.annotate(
        f"median {middle:g}", (middle, 1), xycoords=("data", "axes fraction"), xytext=(4, -10), textcoords="offset points"
    )
    axes.set_xlabel(f"points, of {max_score:g}")
    axes.set_ylabel("students")
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    nothing, everything = sum(score == 0 for score in scores), sum(score >= max_score for score in scores)
    words = (
        f"Points of {len(scores)} students, from {ordered[0]:g} to {ordered[-1]:g} of {max_score:g}; the median is {middle:g}."
    )
    return Picture(figure, f"{words} {everything} have all, {nothing} have none.")


@drawn
def failures(counts: Mapping[str, tuple[int, int]]) -> Picture:
    """Draw which checks were failed most.

    Args:
        counts: a check's title -> how many failed it, and how many were checked.
    """
    worst = sorted(((failed / all_, title, failed, all_) for title, (failed, all_) in counts.items() if all_), reverse=True)[
        :MOST
    ]
    figure, (axes,) = canvas(0.9 + 0.32 * max(len(worst), 1), "checks, by how many failed them")
    axes.barh(range(len(worst)), [share * 100 for share, *_ in worst], color=BLUE, height=0.6)
    for row, (share, _, failed, all_) in enumerate(worst):
        axes.annotate(
            f"{failed} of {all_}", (share * 100, row), xytext=(4, 0), textcoords="offset points", va="center", color=INK
        )
    axes.set_yticks(range(len(worst)), [title if len(title) <= 60 else f"{title[:59]}…" for _, title, _, _ in worst], fontsize=9)
    axes.set_ylim(len(worst) - 0.4, -0.6)
    axes.set_xlim(0, 110)
    axes.set_xlabel("per cent of the students whose manifest could be checked")
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    words = "; ".join(f"{title}: {failed} of {all_}" for _, title, failed, all_ in worst)
    return Picture(figure, f"Checks by how many failed them: {words or 'none was failed'}.")
