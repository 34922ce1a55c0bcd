"""The odds that a pod is ready: each of its containers must be, so every container more makes it less likely."""

from collections.abc import Mapping
from math import sqrt

from matplotlib.ticker import MaxNLocator, PercentFormatter

from podlab.plots.picture import BLUE, ORANGE, Picture, canvas, drawn


@drawn
def odds(probability: float, observed: Mapping[int, tuple[int, int]] | None = None, most: int = 10) -> Picture:
    """Draw `probability ** n` over the number of containers, and what was observed laid over it.

    Args:
        probability: that one container is ready.
        observed: for a number of containers, how many pods were ready, and how many there were.
        most: containers in a pod, at most.
    """
    seen = dict(sorted((observed or {}).items()))
    numbers = list(range(1, max([most, *seen]) + 1))
    figure, (axes,) = canvas(3.4, "the odds that a pod is ready")
    axes.plot(numbers, [probability**n for n in numbers], color=BLUE, linewidth=2, marker=".", label=f"formula: {probability:g}ⁿ")
    if seen:
        shares = [ready / all_ for ready, all_ in seen.values()]
        bounds = [interval(ready, all_) for ready, all_ in seen.values()]
        errors = [[max(0.0, share - low) for share, (low, _) in zip(shares, bounds, strict=True)]]
        errors.append([max(0.0, high - share) for share, (_, high) in zip(shares, bounds, strict=True)])
        axes.errorbar(
            list(seen), shares, yerr=errors, fmt="D", color=ORANGE, markersize=6, capsize=4, label="observed (95 % interval)"
        )
    axes.set_ylim(0, 1.05)
    axes.yaxis.set_major_formatter(PercentFormatter(1.0))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("containers in the pod")
    axes.legend(fontsize=9)
    return Picture(figure, _words(probability, seen, numbers[-1]))


def interval(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not trials:
        return 0.0, 1.0
    z, share = 1.959964, successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return (centre - spread) / (1 + z * z / trials), (centre + spread) / (1 + z * z / trials)


def _words(probability: float, seen: Mapping[int, tuple[int, int]], most: int) -> str:
    formula = f"from {probability:.0%} with one container to {probability**most:.0%} with {most}"
    points = [
        f"{ready} of {all_} pods with {n} {'container' if n == 1 else 'containers'} "
        f"({ready / all_:.0%}, the formula says {probability**n:.0%})"
        for n, (ready, all_) in seen.items()
    ]
    observed = f" Observed: {'; '.join(points)}." if points else ""
    return f"The odds that a pod is ready fall {formula}.{observed}"
