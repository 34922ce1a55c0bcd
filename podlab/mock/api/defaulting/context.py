"""What admission may ask of the cluster."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from podlab.mock.api.errors import Obj
from podlab.mock.kernel import Time


@dataclass(frozen=True, slots=True)
class AdmissionContext:
    """What admission may ask of the cluster.

    Attributes:
        now: the moment of the request.
        new_uid: gives a fresh UID.
        random_suffix: gives that many random characters of ``bcdfghjklmnpqrstvwxz2456789`` (generated names).
        get: ``get(resource, namespace, name)`` -> the stored object or None (service accounts, priority and runtime classes).
        list: ``list(resource, namespace)`` -> stored objects (limit ranges, priority and storage classes).
        allocate: hook called with (resource, obj) after the built-in strategy, for what needs allocation (cluster IPs, node
            ports); returns the object to go on with.
    """

    now: Time
    new_uid: Callable[[], str]
    random_suffix: Callable[[int], str]
    get: Callable[[str, str, str], Obj | None]
    list: Callable[[str, str], Sequence[Obj]]
    allocate: Callable[[str, Obj], Obj] | None = None
