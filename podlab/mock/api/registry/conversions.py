"""Resources that are served in more than one version: how what a client sends is stored, and how what is stored is shown."""

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from podlab.mock.api.registry import autoscaling, events
from podlab.mock.api.resources import Resource

Obj = dict[str, Any]


class Conversion(NamedTuple):
    """Between one served version and the stored one."""

    to_stored: Callable[[Obj], Obj]
    to_shown: Callable[[Obj], Obj]


_CONVERSIONS: Final[dict[tuple[str, str], Conversion]] = {
    ("events.k8s.io/v1", "events"): Conversion(events.to_core, events.to_new),
    ("autoscaling/v1", "horizontalpodautoscalers"): Conversion(autoscaling.to_v2, autoscaling.to_v1),
}


def conversion_of(resource: Resource) -> Conversion | None:
    """The conversion of a resource's version, or None where it is the stored one."""
    return _CONVERSIONS.get((resource.api_version, resource.plural))
