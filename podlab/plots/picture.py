"""What all pictures share: a figure, its words, and a look that is readable on light and on dark, for everybody's eyes.

The background is transparent and lines and letters are of a middle tone, with about the same contrast (4:1 and more) on
white and on JupyterLab's dark grey; letters on bars are black or white, whichever the bar wants. The colours are Okabe
and Ito's, which the colour-blind tell apart, and none of them says anything that a hatch, a sign or a word does not say
as well.

A picture goes into the page as an `<img>` with an `alt`: a frontend that cleans HTML keeps both, and a screen reader speaks it.
"""

import base64
import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

try:
    from matplotlib import rc_context
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
except ImportError as error:
    raise ImportError("podlab's pictures need matplotlib: pip install 'podlab[plots]'") from error

P = ParamSpec("P")

INK = "#787878"
FAINT = "#78787855"
GREEN, SKY, BLUE, ORANGE, RED, PURPLE = "#009E73", "#56B4E9", "#0072B2", "#E69F00", "#D55E00", "#CC79A7"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
WIDTH_INCHES = 8.0
_STYLE: Any = {
    "svg.fonttype": "path",
    "svg.hashsalt": "podlab",
    "hatch.linewidth": 0.8,
    "font.size": 10,
    "font.family": "sans-serif",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titleweight": "bold",
    "legend.frameon": False,
    "legend.labelcolor": INK,
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure and what it shows, in words.

    Attributes:
        figure: matplotlib's figure, to be changed at will.
        alt: the same for those who do not see it.
    """

    figure: Figure
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        data = base64.b64encode(self.svg().encode()).decode()
        alt = html.escape(self.alt, quote=True)
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}" style="max-width:100%;background:none">'
        return {"text/plain": self.alt, "text/html": image}

    def svg(self) -> str:
        """The picture as SVG; the same bytes for the same data."""
        with rc_context(_STYLE), io.StringIO() as out:
            self.figure.savefig(
                out, format="svg", transparent=True, bbox_inches="tight", metadata={"Date": None, "Creator": None}
            )
            return out.getvalue()

    def save(self, path: str | Path) -> None:
        """Write the picture to a file, in the format that its suffix names (`.svg`, `.png`, `.pdf`)."""
        with rc_context(_STYLE):
            metadata = {"Date": None} if str(path).endswith(".svg") else None
            self.figure.savefig(path, transparent=True, bbox_inches="tight", dpi=144, metadata=metadata)


def drawn(function: Callable[P, Picture]) -> Callable[P, Picture]:
    """Let a function draw in podlab's look, whatever the user's own settings are."""

    @wraps(function)
    def in_style(*args: P.args, **kwargs: P.kwargs) -> Picture:
        with rc_context(_STYLE):
            return function(*args, **kwargs)

    return in_style


def canvas(
    height_inches: float, title: str = "", rows: int = 1, ratios: Sequence[float] | None = None
) -> tuple[Figure, list[Axes]]:
    """An empty figure, with axes below one another."""
    figure = Figure(figsize=(WIDTH_INCHES, height_inches), layout="constrained")
    grid = figure.subplots(rows, 1, squeeze=False, sharex=rows > 1, height_ratios=ratios)
    axes = [row[0] for row in grid]
    for one in axes:
        one.set_facecolor("none")
        one.tick_params(length=3)
    if title:
        axes[0].set_title(title, loc="left", fontsize=11, fontweight="bold")
    return figure, axes


def legend(figure: Figure, handles: Sequence[Any]) -> None:
    """A legend below all axes."""
    figure.legend(handles=list(handles), loc="outside lower left", ncols=6, fontsize=9, handletextpad=0.5, columnspacing=1.4)


def on(colour: str) -> str:
    """The colour of letters on a bar: black or white, whichever has more contrast."""
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return "black" if (light + 0.05) ** 2 > 0.05 * 1.05 else "white"


def seconds(value: float) -> str:
    """A length of time in words: `0.5 s`, `40 s`, `2 min 5 s`."""
    if value < 10:
        return f"{round(value, 1):g} s"
    if value < 120:
        return f"{round(value)} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s" if rest else f"{minutes} min"


def listed(words: Sequence[str]) -> str:
    """Words in a sentence: `a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
