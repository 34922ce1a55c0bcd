"""What may go wrong with an expression."""

from typing import Final

_OVERLOADS: Final = "no such overload"


class CelError(Exception):
    """An error of evaluation: a missing key, a division by zero ..."""


class BudgetError(CelError):
    """The expression costs more than it may."""


class NotModelledError(Exception):
    """A function or a form of expression that Kubernetes has and the mock has not."""


class CompileError(Exception):
    """An expression that is none, or whose types do not fit; `str` of it is what cel-go prints.

    Args:
        source: the expression.
        found: offsets in it, and what is wrong there.
    """

    def __init__(self, source: str, found: list[tuple[int, str]]) -> None:
        super().__init__("\n".join(_shown(source, place, message) for place, message in found))
        self.found = found


def _shown(source: str, place: int, message: str) -> str:
    start = source.rfind("\n", 0, place) + 1
    line, column = source.count("\n", 0, place) + 1, place - start
    text = source[start:].split("\n", 1)[0]
    return f"ERROR: <input>:{line}:{column + 1}: {message}\n | {text}\n | {'.' * column}^"


def no_overload() -> CelError:
    """The types of the operands are none that a function takes."""
    return CelError(_OVERLOADS)


def is_no_overload(error: CelError) -> bool:
    """Whether an error is `no_overload`."""
    return str(error) == _OVERLOADS
