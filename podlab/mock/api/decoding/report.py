"""What goes wrong in one reading of a body, and Go's words for it."""

from collections.abc import Callable
from typing import Any, Final

_STRICT_LIMIT: Final = 100


class HardError(ValueError):
    """Ends decoding; the message is what the server says of it."""


class Index(int):
    """A place in a list, in the path of a strict error."""


class MapKey(str):
    """A key of a map: part of the path of a strict error, but not of Go's field path."""

    __slots__ = ()


class Report:
    """What one reading of an object found wrong, and where it is just now.

    Attributes:
        path: the way to the value being read: field names, `Index`, `MapKey`.
        struct: the name of the Go struct whose field is being read.
        error: the first type error.
        strict: the strict errors, each once.
        epoch_ns: the wall-clock time of offset zero, for times.
    """

    __slots__ = ("epoch_ns", "error", "path", "strict", "struct")

    def __init__(self, epoch_ns: int = 0) -> None:
        self.path: list[str | int] = []
        self.struct = ""
        self.error: str | None = None
        self.strict: dict[str, None] = {}
        self.epoch_ns = epoch_ns

    def mismatch(self, value: Any, go: str) -> None:
        """The value has the wrong JSON type for the Go type ``go``."""
        self.keep(self.unmarshal_error(kind_name(value), go))

    def keep(self, message: str) -> None:
        """A type error; the first one stays."""
        if self.error is None:
            self.error = message

    def unmarshal_error(self, what: str, go: str) -> str:
        """Go's ``UnmarshalTypeError`` in words."""
        field = ".".join(part for part in self.path if type(part) is str)
        where = f"Go struct field {self.struct}.{field}" if field else "Go value"
        return f"json: cannot unmarshal {what} into {where} of type {go}"

    def stray(self, problem: str, name: str) -> None:
        """A strict error: ``problem`` is ``unknown`` or ``duplicate``."""
        path = ""
        for part in (*self.path, name):
            path += f"[{part}]" if isinstance(part, Index) else f".{part}" if path else str(part)
        if len(self.strict) < _STRICT_LIMIT:
            self.strict.setdefault(f'{problem} field "{path}"')


Decoder = Callable[[Any, Report], Any]
OMIT: Final = object()


def kind_name(value: Any) -> str:
    """What Go calls the JSON type of ``value``."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "array" if isinstance(value, list) else "object"
