"""The events of an object, in the order in which they happened, and one line for each."""

from podlab.errors import Obj
from podlab.lab.api import API, Target


def events_of(api: API, obj: Obj) -> list[Obj]:
    """The events about an object, oldest first."""
    metadata = obj["metadata"]
    target = api.target("events", namespace=metadata.get("namespace") or "default")
    about = {"involvedObject__name": metadata["name"], "involvedObject__kind": obj["kind"]}
    if metadata.get("uid"):
        about["involvedObject__uid"] = metadata["uid"]
    return in_order(api.list(target, **about)[0])


def events_in(api: API, target: Target) -> list[Obj]:
    """All events of a namespace, oldest first."""
    return in_order(api.list(target)[0])


def in_order(events: list[Obj]) -> list[Obj]:
    """Events by the time they happened last; those of one moment as the server numbered them."""
    return sorted(events, key=lambda event: (time_of(event), _revision(event)))


def time_of(event: Obj) -> str:
    """When an event happened last, in RFC 3339 (which sorts)."""
    series = event.get("series") or {}
    return str(
        series.get("lastObservedTime")
        or event.get("lastTimestamp")
        or event.get("eventTime")
        or event["metadata"]["creationTimestamp"]
    )


def line_of(event: Obj) -> str:
    """An event in a line: `Warning BackOff (x4): Back-off restarting failed container ...`."""
    count = (event.get("series") or {}).get("count") or event.get("count") or 1
    times = f" (x{count})" if count > 1 else ""
    return f"{event.get('type', 'Normal')} {event.get('reason', '')}{times}: {str(event.get('message', '')).strip()}"


def _revision(event: Obj) -> tuple[int, str]:
    version = str(event["metadata"].get("resourceVersion", ""))
    return (len(version), version)
