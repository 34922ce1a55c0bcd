"""A request's body on its way: taken from the client as it comes, and kept as long as it may have to be sent once more."""

from collections.abc import Callable
from contextlib import aclosing
from typing import Final

from podlab.mock.kernel import WaitQueue
from podlab.mock.machine.network import Endpoint
from podlab.mock.programs.envoy.http1 import Codec, Ended, ProtocolError
from podlab.mock.programs.envoy.http_messages import REASONS, Head, Refused
from podlab.mock.programs.envoy.manager import Manager
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.streams import Late, wait

BUFFER_BYTES: Final = 1 << 20
"""What Envoy holds of a request; more is not taken from the client, and not sent a second time."""


class Upload:
    """The body of one request.

    Attributes:
        whole: Whether all of it has come.
        failure: Why no more comes.
        keeping: Whether it is kept for another try; set it to False when there will be none.
        changed: Woken whenever something comes or goes.
        on_piece, on_too_long: Called when something came, and when it is more than can be kept.
    """

    def __init__(self, codec: Codec, info: Info, head: Head, manager: Manager) -> None:
        self.whole = False
        self.failure: Exception | None = None
        self.keeping = True
        self.changed = WaitQueue(manager.kernel)
        self.on_piece: Callable[[], object] = lambda: None
        self.on_too_long: Callable[[], object] = lambda: None
        self._codec = codec
        self._info = info
        self._head = head
        self._manager = manager
        self._held = bytearray()
        self._dropped = self._sent = 0

    # --- whom others watch ---

    @property
    def endpoint(self) -> Endpoint:
        """The client's connection."""
        return self._info.stream.endpoint

    @property
    def gone(self) -> bool:
        """Whether the client has left, or sends what cannot go on."""
        return self.failure is not None or self._info.stream.gone

    # --- from the client ---

    async def receive(self) -> None:
        """Takes what comes, until it is whole or fails."""
        manager = self._manager
        limit = manager.config.get("request_timeout", 0)
        deadline = self._info.started_ns + limit if limit else None
        try:
            async with aclosing(self._codec.body(self._head, deadline_ns=deadline)) as pieces:  # type: ignore[type-var]
                async for piece in pieces:
                    self._held += piece
                    self._info.bytes_received += len(piece)
                    self._tell()
                    await self._make_room(deadline)
            self.whole = True
            self._info.mark("DS_RX_END")
        except Late:
            manager.count("downstream_rq_timeout")
            self.failure = Refused(408, "request timeout", "request_overall_timeout")
        except ProtocolError as error:
            manager.count("downstream_cx_protocol_error")
            self.failure = Refused(error.status, REASONS[error.status], error.details, "DPE")
        except (Ended, OSError) as error:
            self.failure = error
        self._tell()

    async def _make_room(self, deadline: int | None) -> None:
        while len(self._held) > BUFFER_BYTES:
            if self.keeping:
                self.keeping = False
                self.on_too_long()
                self._drop()
            else:
                await wait(self._manager.kernel, self.changed, deadline)

    def _tell(self) -> None:
        self.on_piece()
        self.changed.wake_all()
        self.endpoint.readers.wake_all()

    # --- to the host ---

    def read(self, start: int) -> bytes:
        """What is there from a place on."""
        return bytes(self._held[start - self._dropped :])

    def sent(self, end: int) -> None:
        """All before a place was sent; what is not kept may go."""
        self._sent = max(self._sent, end)
        if not self.keeping:
            self._drop()

    def _drop(self) -> None:
        if self._sent > self._dropped:
            del self._held[: self._sent - self._dropped]
            self._dropped = self._sent
            self.changed.wake_all()
