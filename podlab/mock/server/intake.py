"""Keeps a client from sending more than the pod takes: so that no memory fills, it is not read from for a while."""

from collections.abc import Callable
from typing import Final

from podlab.mock.server.answers import Socket

FULL_BYTES: Final = 1024 * 1024
LOW_BYTES: Final = 256 * 1024


class Intake:
    """Watches over what waits to be taken.

    Args:
        socket: the client's.
        waiting: how many bytes wait.
        on_change: is told when the client is held up, and when it may go on.
    """

    def __init__(self, socket: Socket, waiting: Callable[[], int], on_change: Callable[[bool], None] = lambda held: None) -> None:
        self._socket = socket
        self._waiting = waiting
        self._on_change = on_change
        self._held = False

    def check(self) -> None:
        """To be called when something was given, and when something was taken."""
        held = self._waiting() > (LOW_BYTES if self._held else FULL_BYTES)
        if held is not self._held:
            self._held = held
            self._socket.hold(held)
            self._on_change(held)
