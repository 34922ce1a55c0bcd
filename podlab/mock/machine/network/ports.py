"""Who has which port of a namespace: the rules of bind(2), one table for TCP and one for UDP."""

import errno
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.network.addresses import ANY4, ANY6, is_ipv6, is_wildcard

FIRST_EPHEMERAL: Final = 32_768
LAST_EPHEMERAL: Final = 60_999


@dataclass(slots=True, eq=False)
class Binding:
    """A port that is taken.

    Attributes:
        owner: The socket (or listener) that has it.
        reuse: Whether SO_REUSEADDR was set.
        only6: Whether a socket at :: leaves IPv4 alone.
        listening: A TCP socket that listens shares its port with none.
    """

    ip: str
    port: int
    owner: object
    reuse: bool = False
    only6: bool = False
    listening: bool = False

    def covers(self, ip: str) -> bool:
        """Whether what is sent to `ip` comes here."""
        if self.ip == ip or (self.ip == ANY4 and not is_ipv6(ip)):
            return True
        return self.ip == ANY6 and (is_ipv6(ip) or not self.only6)

    def overlaps(self, other: "Binding") -> bool:
        """Whether some address would be covered by both."""
        if is_wildcard(self.ip) and is_wildcard(other.ip):
            return self.ip == other.ip or not (self.only6 or other.only6)
        return self.covers(other.ip) or other.covers(self.ip)

    def permits(self, other: "Binding") -> bool:
        """Whether both may have the port: other addresses, or both with SO_REUSEADDR and none listening."""
        return not self.overlaps(other) or (self.reuse and other.reuse and not self.listening and not other.listening)


class PortTable:
    """The bindings of one protocol in one namespace."""

    __slots__ = ("_next", "bindings")

    def __init__(self) -> None:
        self.bindings: dict[int, list[Binding]] = {}
        self._next = FIRST_EPHEMERAL

    def bind(self, binding: Binding) -> Binding:
        """Takes a port (0: a free one, which is filled in). Raises OSError EADDRINUSE."""
        if binding.port == 0:
            binding.port = self.free_port()
        elif not all(taken.permits(binding) for taken in self.bindings.get(binding.port, ())):
            raise unix_error(errno.EADDRINUSE)
        self.bindings.setdefault(binding.port, []).append(binding)
        return binding

    def free_port(self) -> int:
        """The next ephemeral port that nobody has. Raises EADDRINUSE when all are taken."""
        for _ in range(FIRST_EPHEMERAL, LAST_EPHEMERAL + 1):
            port, self._next = self._next, self._next + 1 if self._next < LAST_EPHEMERAL else FIRST_EPHEMERAL
            if port not in self.bindings:
                return port
        raise unix_error(errno.EADDRINUSE)

    def listen(self, binding: Binding, owner: object) -> None:
        """What is bound begins to listen, as `owner`. Raises EADDRINUSE when another listens there."""
        before, binding.listening = binding.listening, True
        if any(other is not binding and not other.permits(binding) for other in self.bindings[binding.port]):
            binding.listening = before
            raise unix_error(errno.EADDRINUSE)
        binding.owner = owner

    def release(self, binding: Binding) -> None:
        """Gives a port back; harmless when it was already."""
        taken = self.bindings.get(binding.port, [])
        if binding in taken:
            taken.remove(binding)
            if not taken:
                del self.bindings[binding.port]

    def find(self, ip: str, port: int) -> list[Binding]:
        """Who gets what is sent to an address: the most specific first."""
        taken = [binding for binding in self.bindings.get(port, ()) if binding.covers(ip)]
        return sorted(taken, key=lambda binding: is_wildcard(binding.ip))
