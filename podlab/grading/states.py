"""A pod's state in a line, for the reasons that students read: what each container does, and where it does not, why."""

import re
from collections.abc import Iterator
from typing import Any, Final

Obj = dict[str, Any]

WORDS_MOST: Final = 200
PULLING: Final = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
"""With these the image's name says more than the message, which is long."""
EVIDENT: Final = ("", "PodInitializing", "ContainerCreating", "CrashLoopBackOff", "Completed", "Error", "OOMKilled")
"""Reasons whose message says nothing more; that of a container which failed is its own last words."""

_PASSING: Final = re.compile(r" (?:waiting|running|terminated)(?: \(\w+\))?(?:, not ready)?(?:, \d+ restarts?)?(?=;|$)")


def state_line(pod: Obj) -> str:
    """The phase, and what each container does."""
    status = pod.get("status") or {}
    parts = [_words(one) for one in _statuses(status)] or [_unplaced(status) or "no container yet"]
    return f"{pod['metadata']['name']} {status.get('phase', '?')}: {'; '.join(parts)}"


def failed(pod: Obj) -> dict[str, bool]:
    """The containers that failed, whose last words tell why; and of each, whether it runs again since."""
    return {one["name"]: "running" in one["state"] for one in _statuses(pod.get("status") or {}) if _has_failed(one)}


def gist(line: str) -> str:
    """What stays the same of a state line, with last words, while a container fails again and again."""
    return _PASSING.sub(" ...", line) if "restart" in line else line


def _statuses(status: Obj) -> Iterator[Obj]:
    yield from status.get("initContainerStatuses") or []
    yield from status.get("containerStatuses") or []


def _has_failed(status: Obj) -> bool:
    ends = ((status.get(name) or {}).get("terminated") or {} for name in ("state", "lastState"))
    return any(end.get("exitCode") for end in ends)


def _words(status: Obj) -> str:
    kind, body = next(iter((status.get("state") or {"unknown": {}}).items()))
    times = status.get("restartCount", 0)
    again = f", {times} restart{'s' if times != 1 else ''}" if times else ""
    return f"{status['name']} {kind}{_why(status, body)}{'' if status.get('ready') else ', not ready'}{again}"


def _why(status: Obj, body: Obj) -> str:
    reason = body.get("reason", "")
    if reason in PULLING:
        return f" ({reason} of {status['image']})"
    said = "" if reason in EVIDENT else " ".join(str(body.get("message", "")).split())
    more = f"... {said[-WORDS_MOST:]}" if len(said) > WORDS_MOST else said  # a runtime's errors end in their cause
    return f" ({reason}: {more})" if more else f" ({reason})" if reason else ""


def _unplaced(status: Obj) -> str:
    """Why the pod has no node."""
    placed: Obj = next((c for c in status.get("conditions") or [] if c["type"] == "PodScheduled"), {})
    return "" if placed.get("status") != "False" else str(placed.get("message", ""))[:WORDS_MOST]
