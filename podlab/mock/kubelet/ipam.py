"""Addresses for pods, one after another; one is used again only when the range has gone round (CNI's host-local plugin)."""

from typing import Final

from podlab.mock.kubelet.runtime.types import RuntimeServiceError

FIRST: Final = 2
LAST: Final = 65_534
"""The addresses of 10.244.0.0/16 that can be given, counted from 10.244.0.0."""


class AddressPool:
    """The free addresses of the node's range."""

    def __init__(self) -> None:
        self._taken: set[int] = set()
        self._last = FIRST - 1

    def allocate(self) -> str:
        """The next free address. Raises RuntimeServiceError when all are taken."""
        for _ in range(FIRST, LAST + 1):
            self._last = self._last + 1 if self._last < LAST else FIRST
            if self._last not in self._taken and self._last & 255 not in (0, 255):
                self._taken.add(self._last)
                return f"10.244.{self._last >> 8}.{self._last & 255}"
        raise RuntimeServiceError(
            'plugin type="ptp" failed (add): no IP addresses available in range set: 10.244.0.1-10.244.255.254'
        )

    def release(self, address: str) -> None:
        """Gives an address back."""
        _, _, high, low = address.split(".")
        self._taken.discard(int(high) << 8 | int(low))
