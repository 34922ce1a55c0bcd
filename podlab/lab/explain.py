"""What was seen last of an object that did not do what was waited for: a screen of text at most.

For a pod: phase, each container's state with its reason, the last events, the last lines of the log of a container in trouble.
"""

from collections.abc import Iterator
from typing import Any

from podlab.errors import Obj, PodlabError
from podlab.lab.api import API
from podlab.lab.events import events_of, line_of

EVENT_LINES = 5
LOG_LINES = 5


def explain(api: API, obj: Obj) -> str:
    """Describe an object's state in some fifteen lines at most."""
    return "\n".join([*_status_lines(obj), *_event_lines(api, obj), *_log_lines(api, obj)])


def container_statuses(pod: Obj) -> Iterator[tuple[str, Obj]]:
    """Each container's role (`init container`, `container` ...) and status, in the order in which they start."""
    status = pod.get("status") or {}
    for field, role in (
        ("initContainerStatuses", "init container"),
        ("containerStatuses", "container"),
        ("ephemeralContainerStatuses", "ephemeral container"),
    ):
        for entry in status.get(field) or []:
            yield role, entry


def state_words(state: Obj) -> str:
    """A container's state in words: `running`, `waiting: CrashLoopBackOff`, `terminated: Error, exit code 3`."""
    for name, detail in state.items():
        words = [str(detail["reason"])] if detail.get("reason") else []
        if name == "terminated":
            words.append(f"exit code {detail.get('exitCode')}")
        return f"{name}: {', '.join(words)}" if words else str(name)
    return "waiting"


def in_trouble(status: Obj) -> bool:
    """Has this container failed, or is it not ready though it should be?"""
    state = status.get("state") or {}
    if "terminated" in state:
        return bool(state["terminated"].get("exitCode"))
    return not status.get("ready") or bool(status.get("restartCount"))


def _status_lines(obj: Obj) -> Iterator[str]:
    status = obj.get("status") or {}
    name = f"{obj.get('kind', 'object').lower()}/{obj['metadata']['name']}"
    if "deletionTimestamp" in obj["metadata"]:
        yield f"{name} is being deleted (since {obj['metadata']['deletionTimestamp']})."
    if "phase" in status:
        yield f"{name} is {status['phase']}{_because(status)}."
    for entry in status.get("conditions") or []:
        if entry["status"] != "True" and entry.get("message"):
            yield f"  {entry['type']} is {entry['status']}: {entry['message']}"
    for role, entry in container_statuses(obj):
        yield f"  {role} {entry['name']}: {_container_words(entry)}"


def _because(status: Obj) -> str:
    words = [str(status[key]) for key in ("reason", "message") if status.get(key)]
    return f" ({': '.join(words)})" if words else ""


def _container_words(entry: Obj) -> str:
    state: dict[str, Any] = entry.get("state") or {}
    parts = [state_words(state)]
    if entry.get("restartCount"):
        parts.append(f"restarted {entry['restartCount']} times, last {state_words(entry.get('lastState') or {})}")
    if "running" in state:
        parts.append("ready" if entry.get("ready") else "not ready")
    return "; ".join(parts)


def _event_lines(api: API, obj: Obj) -> Iterator[str]:
    try:
        events = events_of(api, obj)[-EVENT_LINES:]
    except PodlabError:
        return
    if events:
        yield "Last events:"
        yield from (f"  {line_of(event)}" for event in events)


def _log_lines(api: API, obj: Obj) -> Iterator[str]:
    if obj.get("kind") != "Pod":
        return
    troubled = [entry for _, entry in container_statuses(obj) if in_trouble(entry)]
    for entry in troubled[:1]:
        waiting_again = "waiting" in (entry.get("state") or {}) and bool(entry.get("restartCount"))
        query = {"container": entry["name"], "tailLines": LOG_LINES, "previous": waiting_again or None}
        try:
            log = api.connection.text(api.target(obj).path("log"), query)
        except PodlabError:
            return
        if log.strip():
            yield f"Last lines of the log of {entry['name']}:"
            yield from (f"  {line[:200]}" for line in log.splitlines()[-LOG_LINES:])
