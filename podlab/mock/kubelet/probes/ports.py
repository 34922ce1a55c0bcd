"""Which port a probe or a hook means."""

from typing import Any

Obj = dict[str, Any]


class NoSuchPort(ValueError):
    """The port that is named does not exist in the container."""


def find_port(port: int | str, container: Obj) -> int:
    """A port by its number, or by the name that the container gives it. Raises NoSuchPort."""
    if isinstance(port, int):
        return port
    for known in container.get("ports") or ():
        if known.get("name") == port:
            return int(known["containerPort"])
    if port.isdigit():
        return int(port)
    raise NoSuchPort(f"couldn't find port: {port} in container")
