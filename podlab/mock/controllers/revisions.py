"""Names and numbers of revisions: the hash of a pod template, percentages of replicas."""

import json
from typing import Any, Final

from podlab.mock.kernel import Time

Obj = dict[str, Any]

HASH_LABEL: Final = "pod-template-hash"
SAFE: Final = "bcdfghjklmnpqrstvwxz2456789"
"""The letters of generated names: no vowels, hence no words."""


def template_hash(template: Obj, collisions: int = 0) -> str:
    """The hash of a pod template as names and labels carry it (FNV-1a of 32 bits, its decimal digits in `SAFE`)."""
    text = json.dumps([template, collisions] if collisions else template, sort_keys=True, default=_time)
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return "".join(SAFE[ord(digit) % len(SAFE)] for digit in str(value))


def _time(value: object) -> str:
    if isinstance(value, Time):
        return str(value.offset_ns)
    raise TypeError(f"no hash of {value!r}")


def without_hash(template: Obj) -> Obj:
    """A pod template without the label that a Deployment adds to it."""
    meta = dict(template.get("metadata") or {})
    meta["labels"] = {k: v for k, v in (meta.get("labels") or {}).items() if k != HASH_LABEL}
    return {**template, "metadata": {key: value for key, value in meta.items() if value and key != "creationTimestamp"}}


def scaled(value: int | str, total: int, round_up: bool) -> int:
    """An IntOrString of `total`: `2`, or `"25%"`."""
    if isinstance(value, int):
        return value
    percent = int(value.rstrip("%"))
    return -(-percent * total // 100) if round_up else percent * total // 100


def fenceposts(max_surge: int | str, max_unavailable: int | str, replicas: int) -> tuple[int, int]:
    """(surge, unavailable) in pods; never both 0, since nothing could move then."""
    surge, unavailable = scaled(max_surge, replicas, True), scaled(max_unavailable, replicas, False)
    return (surge, 1) if surge == 0 and unavailable == 0 else (surge, unavailable)
