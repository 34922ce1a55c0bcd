"""A pod's life: a lane for each container, with what it did when, and when it counted as ready."""

from collections.abc import Iterator
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Patch

from podlab.lab.timeline import Interval, Lane, Timeline
from podlab.plots.picture import BLUE, FAINT, GREEN, INK, ORANGE, RED, SKY, Picture, canvas, drawn, legend, listed, on, seconds

LANE_INCHES = 0.42
ROLES = {"init": "init container", "sidecar": "sidecar", "app": "container", "ephemeral": "ephemeral container"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is drawn.

    Attributes:
        label: in the legend.
        colour: of the bar.
        hatch: on it.
        height: of the bar, in lanes.
    """

    label: str
    colour: str
    hatch: str = ""
    height: float = 0.62


LOOKS = {
    "running": Look("running", SKY),
    "completed": Look("ran, exit code 0", BLUE),
    "failed": Look("ran, failed", RED, "xxx"),
    "waiting": Look("waiting", FAINT, "", 0.2),
    "backoff": Look("waiting: back-off", ORANGE, "///", 0.34),
    "over": Look("over", FAINT, "", 0.06),
}
READY = Look("ready", GREEN)
_BACKOFF = ("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError")


@drawn
def timeline(life: Timeline) -> Picture:
    """Draw a pod's life.

    Args:
        life: what `lab.timeline("web")` returns.
    """
    names = [lane.container for lane in life.lanes]
    figure, (axes,) = canvas(1.35 + LANE_INCHES * (len(names) + 1), f"pod {life.pod}")
    used = dict.fromkeys(key for row, lane in enumerate(life.lanes) for key in _draw(axes, row, lane, life.end))
    for start, end in life.ready:
        axes.barh(len(names), end - start, left=start, height=0.3, color=READY.colour)
    axes.set_yticks(range(len(names) + 1), [f"{lane.container} ({lane.role})" for lane in life.lanes] + ["pod is Ready"])
    axes.set_ylim(len(names) + 0.6, -0.6)
    axes.set_xlim(0, max(life.end, 1) * 1.01)
    axes.set_xlabel("seconds since the pod was created")
    axes.grid(axis="x", color=FAINT, linewidth=0.6)
    axes.set_axisbelow(True)
    looks = [LOOKS[key] for key in LOOKS if key in used and key != "over"]
    handles = [
        Patch(facecolor=look.colour, hatch=look.hatch, edgecolor=on_hatch(look), label=look.label) for look in [*looks, READY]
    ]
    legend(figure, handles)
    return Picture(figure, describe(life))


def describe(life: Timeline) -> str:
    """A timeline in words."""
    lines = [f"Timeline of pod {life.pod} over {seconds(life.end)}; it is {'deleted' if life.deleted else life.phase}."]
    lines += [_lane_words(lane) for lane in life.lanes]
    ready = [f"from {seconds(start)} to {seconds(end)}" for start, end in life.ready]
    lines.append(f"The pod was Ready {listed(ready)}." if ready else "The pod was never Ready.")
    return " ".join(lines)


def look_of(interval: Interval) -> str:
    """The key of an interval's look."""
    if interval.state == "running":
        return "running" if interval.exit_code is None else "failed" if interval.exit_code else "completed"
    if interval.state == "waiting":
        return "backoff" if interval.reason in _BACKOFF else "waiting"
    return "over"


def on_hatch(look: Look) -> str:
    """The colour of a bar's hatch."""
    return on(look.colour) if look.hatch else look.colour


def _draw(axes: Axes, row: int, lane: Lane, end: float) -> Iterator[str]:
    runs = 0
    for interval in lane.intervals:
        key = look_of(interval)
        look = LOOKS[key]
        length = max(interval.end - interval.start, end * 0.004)  # a run of no time is still seen
        axes.barh(
            row,
            length,
            left=interval.start,
            height=look.height,
            color=look.colour,
            hatch=look.hatch,
            edgecolor=on_hatch(look),
            linewidth=0,
        )
        runs += interval.state == "running"
        if interval.state == "running" and runs > 1:
            axes.plot([interval.start], [row - 0.42], marker="v", color=INK, markersize=4, clip_on=False)
        _label(axes, row, interval, length / max(end, 1))
        yield key
    for start, stop in lane.ready:
        axes.barh(row + 0.4, stop - start, left=start, height=0.1, color=READY.colour)


def _label(axes: Axes, row: int, interval: Interval, share: float) -> None:
    look = LOOKS[look_of(interval)]
    if interval.exit_code and interval.state == "running":
        text, beside = f"exit {interval.exit_code}", share < 0.09
    elif look is LOOKS["backoff"] or (interval.state == "waiting" and share > 0.2):
        text, beside = interval.reason, share < 0.2
    else:
        return
    if beside:
        return
    box = {"facecolor": look.colour, "edgecolor": "none", "pad": 1.0} if look.hatch else None
    colour = on(look.colour) if look.colour != FAINT else INK
    height = row if look.height > 0.3 else row - 0.27
    axes.text(
        interval.start + (interval.end - interval.start) / 2,
        height,
        text,
        ha="center",
        va="center",
        fontsize=8,
        color=colour,
        bbox=box,
    )


def _lane_words(lane: Lane) -> str:
    parts = []
    for interval in lane.intervals:
        span = f"from {seconds(interval.start)} to {seconds(interval.end)}"
        if interval.state == "waiting":
            parts.append(f"waited {span}{f' ({interval.reason})' if interval.reason else ''}")
        elif interval.state == "running" and interval.exit_code is None:
            parts.append(f"ran from {seconds(interval.start)} on")
        elif interval.state == "running":
            parts.append(f"ran {span} and ended with exit code {interval.exit_code}")
    restarts = f"; it was restarted {lane.restarts} time{'s' if lane.restarts > 1 else ''}" if lane.restarts else ""
    return f"The {ROLES[lane.role]} {lane.container} {listed(parts) or 'did nothing'}{restarts}."
