"""The constraints of fields (`messages.txt` names them): which values they forbid, and what Envoy says of those."""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

_NEWER: Final = (101, 102, 103, 418, 425, 451)
_OTHERWISE: Final = {
    0: "Empty", 200: "OK", 226: "IMUsed", 413: "PayloadTooLarge", 414: "URITooLong", 416: "RangeNotSatisfiable",
    422: "UnprocessableEntity", 505: "HTTPVersionNotSupported",
}  # fmt: skip
STATUSES: Final = {
    "".join(word.capitalize() for word in one.name.split("_")): one.value
    for one in HTTPStatus
    if one.value not in _NEWER and one.value not in _OTHERWISE
} | {name: code for code, name in _OTHERWISE.items()}
"""How Envoy calls the codes of HTTP that it knows."""


def _too_small(kind: str, least: str) -> str:
    if kind == "string":
        return f"value length must be at least {least} characters"
    if kind[0] == "[":
        return f"value must contain at least {least} item(s)"
    if kind == "duration":
        return f"value must be greater than {'1ms' if int(least) > 1 else '0s'}"
    return f"value must be greater than {int(least) - 1}"


def _too_large(kind: str, most: str) -> str:
    if kind == "string":
        return f"value length must be at most {most} bytes"
    return f"value must contain no more than {most} item(s)" if kind[0] == "[" else f"value must be less than or equal to {most}"


def _within(size: float, bounds: str) -> bool:
    least, most = (float(end) for end in bounds[1:-1].split(","))
    return (least < size if bounds[0] == "(" else least <= size) and (size < most if bounds[-1] == ")" else size <= most)


_BOUNDS: Final[dict[str, tuple[Callable[[Any, Any, str], bool], Callable[[str, str], str]]]] = {
    "min": (lambda size, _, least: size >= int(least), _too_small),
    "least": (lambda size, _, least: size >= int(least), lambda _, least: f"value must be greater than or equal to {least}"),
    "max": (lambda size, _, most: size <= int(most), _too_large),
    "range": (
        lambda size, _, bounds: _within(size, bounds),
        lambda _, bounds: f"value must be inside range {bounds.replace(',', ', ')}",
    ),
    "defined": (lambda _, value, __: value in STATUSES.values(), lambda _, __: "value must be one of the defined enum values"),
    "not": (
        lambda _, value, name: value not in (name, STATUSES.get(name)),
        lambda _, name: f"value must not be in list [{name}]",
    ),
    "pattern": (
        lambda _, value, pattern: re.search(pattern, value) is not None,
        lambda _, pattern: f'value does not match regex pattern "{pattern}"',
    ),
}
"""Constraints: whether (size, value, bound) is right, and what is said otherwise of a type and the bound."""


def broken_bound(kind: str, constraints: dict[str, str], value: Any) -> str:
    """What is wrong with a value of a type, None for one that is not written; empty when nothing is."""
    if value is None:
        if kind == "string":
            value = ""
        elif kind[0] == "[":
            value = []
        elif "plain" in constraints and not kind.startswith("enum("):
            value = 0
        else:
            return ""
    size = len(value) if isinstance(value, (str, list)) else value
    for name, bound in constraints.items():
        if name in _BOUNDS and not _BOUNDS[name][0](size, value, bound):
            return _BOUNDS[name][1](kind, bound)
    return ""
