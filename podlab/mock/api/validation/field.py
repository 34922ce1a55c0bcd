"""A list of causes, with a method for each type of field error, in the server's words.

Paths are plain strings (``spec.containers[0].name``); validators append to one `Errors`, in the order in which the server would.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

from podlab.mock.api.errors import Cause, quote
from podlab.mock.api.quantity import Quantity

OMITTED: Final = object()
"""Given as a value: the message does not show it."""


class Errors(list[Cause]):
    """The causes found so far."""

    __slots__ = ()

    def required(self, path: str, detail: str = "") -> None:
        """A value is missing."""
        self.append(Cause("FieldValueRequired", _sentence("Required value", OMITTED, detail), path))

    def invalid(self, path: str, value: Any, detail: str) -> None:
        """A value is malformed or out of bounds."""
        self.append(Cause("FieldValueInvalid", _sentence("Invalid value", value, detail), path))

    def each_invalid(self, path: str, value: Any, details: Iterable[str]) -> None:
        """One `invalid` for each detail."""
        for detail in details:
            self.invalid(path, value, detail)

    def not_supported(self, path: str, value: Any, supported: Iterable[str]) -> None:
        """A value is not one of those that there are."""
        detail = "supported values: " + ", ".join(quote(each) for each in supported)
        self.append(Cause("FieldValueNotSupported", _sentence("Unsupported value", value, detail), path))

    def duplicate(self, path: str, value: Any, detail: str = "") -> None:
        """A value must be unique."""
        self.append(Cause("FieldValueDuplicate", _sentence("Duplicate value", value, detail), path))

    def not_found(self, path: str, value: Any, detail: str = "") -> None:
        """A value refers to what is not there."""
        self.append(Cause("FieldValueNotFound", _sentence("Not found", value, detail), path))

    def forbidden(self, path: str, detail: str) -> None:
        """A value may not be given, here or now."""
        self.append(Cause("FieldValueForbidden", _sentence("Forbidden", OMITTED, detail), path))

    def too_long(self, path: str, limit: int) -> None:
        """A value has too many bytes."""
        self.append(Cause("FieldValueTooLong", _sentence("Too long", OMITTED, f"may not be more than {limit} bytes"), path))

    def too_many(self, path: str, number: int, limit: int) -> None:
        """A list has too many items."""
        self.append(Cause("FieldValueTooMany", _sentence("Too many", number, f"must have at most {limit} items"), path))

    def non_negative(self, path: str, value: int | None) -> None:
        """A number must not be negative."""
        if value is not None and value < 0:
            self.invalid(path, value, "must be greater than or equal to 0")

    def immutable(self, path: str, new: Any, old: Any, shown: Any = OMITTED) -> None:
        """A value must be what it was."""
        if (new or None) != (old or None):
            self.invalid(path, new if shown is OMITTED else shown, "field is immutable")


def _sentence(kind: str, value: Any, detail: str) -> str:
    text = kind if value is OMITTED else f"{kind}: {show(value)}"
    return f"{text}: {detail}" if detail else text


def show(value: Any) -> str:
    """A value as field errors show it: strings quoted, the rest as JSON."""
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, Quantity):
        return quote(str(value))
    if value is None:
        return "null"
    return go_json(value)


def go_json(value: Any, indent: int | None = None) -> str:
    """JSON as Go's encoder writes it: ``<``, ``>`` and ``&`` escaped."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(value, ensure_ascii=False, separators=separators, indent=indent, default=str)
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
