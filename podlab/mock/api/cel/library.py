"""The functions that expressions may call: their types, and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.api.cel.types import Overload, read_overload

Implementation = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function with all its overloads. It finds out itself, from the values, which of them is meant."""

    overloads: tuple[Overload, ...]
    run: Implementation


LIBRARY: Final[dict[str, Function]] = {}
NOT_MODELLED: Final = frozenset(
    ("format.named", "format.dns1123Label", "format.dns1123Subdomain", "format.dns1035Label", "semver", "isSemver")
)
"""What Kubernetes has besides, and the mock has not."""


def function(name: str, *signatures: str) -> Callable[[Implementation], Implementation]:
    """Enters a function into the library."""

    def enter(run: Implementation) -> Implementation:
        LIBRARY[name] = Function(tuple(map(read_overload, signatures)), run)
        return run

    return enter
