"""Waits of those who ask from within simulated time: they let no time pass, for they live in it."""

from podlab.mock.kernel import Kernel
from podlab.mock.server.waits import Kind, Wait


class Unpaced:
    """Stands where a `pacing.Pacer` does for clients outside."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def wait(self, kind: Kind, limit_ns: int | None = None, rest: tuple[int, int] | None = None) -> Wait:
        """A wait that nobody heeds."""
        return Wait(kind, limit_ns, _unheeded)

    def present(self) -> None:
        """It is now already."""


def _unheeded(wait: Wait, given: bool) -> None:
    """Whether it is over makes no difference."""
