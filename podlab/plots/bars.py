"""Amounts side by side: a bar for each row, or several of different kinds, each with a word on what it came to."""

from collections.abc import Mapping

from podlab.plots.picture import INK, SERIES, Picture, canvas, drawn

HATCHES = ("", "//", "..", "xx", "\\\\", "++")
Amounts = float | Mapping[str, float]
Notes = str | Mapping[str, str]


@drawn
def bars(
    rows: Mapping[str, Amounts],
    title: str = "",
    *,
    x: str = "",
    notes: Mapping[str, Notes] | None = None,
    level: tuple[float, str] | None = None,
) -> Picture:
    """Draw amounts side by side.

    Args:
        rows: for each name its amount, or one for each of several kinds (`{"A": 12, "B": 30}`).
        title: above the picture.
        x: what is counted.
        notes: words beside the bars, in the same shape as `rows`.
        level: an amount to hold them against, and what it is.
    """
    amounts = {name: dict(row) if isinstance(row, Mapping) else {"": row} for name, row in rows.items()}
    words = {name: dict(note) if isinstance(note, Mapping) else {"": note} for name, note in (notes or {}).items()}
    kinds = list(dict.fromkeys(kind for row in amounts.values() for kind in row))
    height = 0.8 / max(1, len(kinds))
    figure, (axes,) = canvas(1.1 + 0.42 * max(1, len(rows)) * max(1, 0.7 * len(kinds)), title)
    most = max([1e-9, *(value for row in amounts.values() for value in row.values()), *([level[0]] if level else [])])
    for number, kind in enumerate(kinds):
        for lane, (name, row) in enumerate(amounts.items()):
            if kind not in row:
                continue
            at, colour = lane + (number - (len(kinds) - 1) / 2) * height, SERIES[number % len(SERIES)]
            axes.barh(
                at, row[kind], 0.9 * height, color=colour, hatch=HATCHES[number % len(HATCHES)], edgecolor="white", linewidth=0
            )
            note = words.get(name, {}).get(kind, "" if notes else f"{row[kind]:g}")
            axes.text(row[kind] + most / 80, at, note, va="center", fontsize=9, color=INK)
        if kind:
            axes.barh(
                [0],
                [0],
                color=SERIES[number % len(SERIES)],
                hatch=HATCHES[number % len(HATCHES)],
                edgecolor="white",
                linewidth=0,
                label=kind,
            )
    if level is not None:
        axes.axvline(level[0], color=INK, linestyle=":", label=level[1])
    axes.set_yticks(range(len(amounts)), list(amounts))
    axes.set_ylim(max(1, len(amounts)) - 0.5, -0.5)
    axes.set_xlim(0, 1.12 * most)
    axes.set_xlabel(x)
    if level is not None or any(kinds):
        axes.legend(fontsize=9, loc="lower right", bbox_to_anchor=(1, 1), ncols=4)
    return Picture(figure, _words(amounts, words, title, x, level))


def _words(
    amounts: Mapping[str, Mapping[str, float]],
    words: Mapping[str, Mapping[str, str]],
    title: str,
    x: str,
    level: tuple[float, str] | None,
) -> str:
    parts = []
    for name, row in amounts.items():
        shown = []
        for kind, value in row.items():
            note = words.get(name, {}).get(kind)
            shown.append(f"{kind} {value:g}".strip() + (f" ({note})" if note else ""))
        parts.append(f"{name}: {', '.join(shown)}")
    against = f" The line, {level[1]}: {level[0]:g}." if level is not None else ""
    return f"{title or 'Bars'}{f': {x}' if x else ''}. {'; '.join(parts)}.{against}"
