"""The life of a manifest's pods as a small picture in its report: what `podlab.plots.timeline` shows, in the same colours.

Drawn by hand: a run of the grader makes thousands, and matplotlib takes as long for one as the grader for an exercise.
"""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from html import escape
from typing import Final

from podlab.errors import PodlabError
from podlab.grading.run import Run
from podlab.lab.timeline import Interval, Lane, Timeline

INK, FAINT = "#787878", "#78787855"
GREEN, SKY, BLUE, ORANGE, RED = "#009E73", "#56B4E9", "#0072B2", "#E69F00", "#D55E00"
LOOKS: Final = {
    "running": ("running", SKY, 14.0),
    "completed": ("ran, exit code 0", BLUE, 14.0),
    "failed": ("ran, failed", RED, 14.0),
    "backoff": ("waiting: back-off", ORANGE, 8.0),
    "waiting": ("waiting", FAINT, 5.0),
    "over": ("", FAINT, 2.0),
}
"""State -> (legend, colour, height in pixels): heights tell states apart where colours do not."""
BACKOFF: Final = ("CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerConfigError")
LEFT, WIDTH, LANE = 190.0, 520.0, 24.0
ON = 26.0
"""Pixels by which what still was when the checks ended goes on to the right of the last moment."""
MAX_PODS, MAX_LANES, MAX_INTERVALS = 2, 12, 60


def lives(run: Run) -> str:
    """HTML with a picture for each of the first pods of a manifest; empty where there are none."""
    pictures = []
    with suppress(PodlabError):
        for pod in sorted(run.pods(), key=lambda pod: str(pod["metadata"]["name"]))[:MAX_PODS]:
            pictures.append(picture(run.lab.timeline(pod["metadata"]["name"])))
    return "".join(pictures)


def picture(life: Timeline) -> str:
    """An `<img>` of a pod's life, with the same in words for those who do not see it."""
    data = b64encode(svg(life).encode()).decode()
    return (
        f'<p style="margin:.8em 0 0"><img src="data:image/svg+xml;base64,{data}" alt="{escape(repr(life))}" '
        'style="max-width:100%;background:none"></p>'
    )


def svg(life: Timeline) -> str:
    """The picture as SVG: a lane a container, and one for the pod's readiness."""
    lanes = life.lanes[:MAX_LANES]
    scale = (WIDTH - ON) / (life.end or 1.0)
    bottom = 26 + LANE * (len(lanes) + 1)
    used = dict.fromkeys(state_of(part) for lane in lanes for part in lane.intervals)
    body = [f'<text x="0" y="14" font-weight="bold">pod {escape(life.pod[:60])}</text>', *_axis(life.end, scale, bottom)]
    for row, lane in enumerate(lanes):
        body += _lane(lane, 26 + LANE * row, scale, life.end)
    body.append(_label("pod is Ready", 26 + LANE * len(lanes)))
    body += [_bar(start, end, 26 + LANE * len(lanes), 7.0, GREEN, scale, life.end) for start, end in life.ready]
    body += _legend([*used, "ready"], bottom + 34)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 20:g}" height="{bottom + 48:g}" '
        f'font-family="sans-serif" font-size="12" fill="{INK}">{"".join(body)}</svg>'
    )


def state_of(part: Interval) -> str:
    """Which of `LOOKS` an interval has."""
    if part.state == "waiting":
        return "backoff" if part.reason in BACKOFF else "waiting"
    if part.state == "terminated":
        return "over"
    return "running" if part.exit_code is None else "failed" if part.exit_code else "completed"


def _lane(lane: Lane, top: float, scale: float, now: float) -> Iterator[str]:
    yield _label(f"{lane.container[:22]} ({lane.role})", top)
    for part in lane.intervals[:MAX_INTERVALS]:
        _, colour, height = LOOKS[state_of(part)]
        yield _bar(part.start, part.end, top, height, colour, scale, now)


def _label(text: str, top: float) -> str:
    return f'<text x="{LEFT - 8:g}" y="{top + LANE / 2 + 4:g}" text-anchor="end">{escape(text)}</text>'


def _bar(start: float, end: float, top: float, height: float, colour: str, scale: float, now: float) -> str:
    x, width = LEFT + start * scale, max((end - start) * scale, 1.5) + (ON if end >= now else 0.0)
    return f'<rect x="{x:.1f}" y="{top + (LANE - height) / 2:g}" width="{width:.1f}" height="{height:g}" fill="{colour}"/>'


def _axis(end: float, scale: float, bottom: float) -> Iterator[str]:
    step = next((s for s in (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600) if end / s <= 8), 7200)
    for number in range(int(end // step) + 1):
        x = LEFT + number * step * scale
        text = f"{number * step}{' s' if number == 0 else ''}"
        yield f'<path d="M{x:.1f} 24V{bottom:g}" stroke="{FAINT}"/>'
        yield f'<text x="{x:.1f}" y="{bottom + 14:g}" text-anchor="middle">{text}</text>'


def _legend(states: list[str], y: float) -> Iterator[str]:
    x = LEFT
    for state in states:
        text, colour, height = LOOKS.get(state, ("ready", GREEN, 7.0))
        if text:
            yield f'<rect x="{x:g}" y="{y - 4 - height / 2:g}" width="14" height="{height:g}" fill="{colour}"/>'
            yield f'<text x="{x + 19:g}" y="{y:g}">{text}</text>'
            x += 36 + 7 * len(text)
