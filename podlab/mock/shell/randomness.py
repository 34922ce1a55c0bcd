"""`$RANDOM`: busybox's generator, which a script can seed by an assignment and so get the same numbers as in the real shell."""

from collections.abc import Callable
from typing import Final

_MASK: Final = 0xFFFFFFFF


class RandomNumbers:
    """A linear congruential generator, a shift register and a xorshift, added up.

    Args:
        first_seed: Where it begins, asked for at the first number: most shells want none.
    """

    __slots__ = ("_congruent", "_first_seed", "_register", "_x", "_y")

    def __init__(self, first_seed: Callable[[], int]) -> None:
        self._first_seed: Callable[[], int] | None = first_seed

    def seed(self, value: int) -> None:
        """Begins anew, as an assignment to RANDOM does."""
        self._first_seed = None
        value &= _MASK
        self._register = self._x = value or 1
        self._y = self._congruent = value

    def next(self) -> int:
        """The next number, 0 to 32767."""
        if self._first_seed is not None:
            self.seed(self._first_seed())
        self._congruent = (1664525 * self._congruent + 1013904223) & _MASK
        self._register = ((self._register << 1) & _MASK) ^ (0x8000000B if self._register >> 31 else 0)
        while True:
            mixed = (self._x ^ (self._x << 2)) & _MASK
            self._x = self._y
            self._y = self._y ^ (self._y >> 3) ^ mixed ^ (mixed >> 7)
            if self._y or self._x > 2:
                break
        return (self._register - self._congruent + self._y) & 0x7FFF
