"""What goes into the API server and what comes out: requests, responses, watch streams, and who is asking."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class UserInfo:
    """Who makes a request, as authentication found.

    Attributes:
        name: such as ``kubernetes-admin`` or ``system:serviceaccount:default:default``.
        groups: such as ``system:masters``, ``system:authenticated``.
        extra: further attributes, each a list of strings.
    """

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, list[str]] = field(default_factory=dict)


ADMIN = UserInfo("kubernetes-admin", ("system:masters", "system:authenticated"))
"""Who holds the kubeconfig that podlab writes."""

MAX_PENDING_FRAMES = 20_000
"""How many frames of a watch may wait for a slow client."""

ANONYMOUS = UserInfo("system:anonymous", ("system:unauthenticated",))


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request.

    Attributes:
        path: decoded, without the query.
        query: every value of every parameter, in order.
        headers: names in lower case.
    """

    method: str
    path: str
    query: Mapping[str, list[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    user: UserInfo = ADMIN

    def param(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        values = self.query.get(name)
        return values[0] if values else default


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response. ``warnings`` of the request stand in ``headers`` as one ``Warning`` header (a comma-joined list)."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class WatchStream:
    """The body of a watch: frames to send as they come, each a whole JSON document and a newline.

    Attributes:
        pending: frames that are waiting to be sent; the owner of the socket takes them from the left.
        on_frame: called when frames were added and when the stream has ended.
        ended: no more frames will come (a timeout, or an error that was sent as the last frame).
    """

    __slots__ = ("_on_close", "ended", "headers", "on_frame", "pending")

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.headers = headers
        self.pending: deque[bytes] = deque()
        self.on_frame: Callable[[], None] | None = None
        self.ended = False
        self._on_close: list[Callable[[], None]] = []

    def send(self, frame: bytes) -> None:
        """Adds a frame; dropped once the stream has ended. A client that lets too many wait is given up, to list anew."""
        if not self.ended:
            self.pending.append(frame)
            if len(self.pending) > MAX_PENDING_FRAMES:
                self.pending.clear()
                self.close()
                return
            if self.on_frame is not None:
                self.on_frame()

    def when_closed(self, function: Callable[[], None]) -> None:
        """Calls ``function`` when the stream ends, from either side."""
        self._on_close.append(function)

    def close(self) -> None:
        """Ends the stream; harmless when it has ended."""
        if self.ended:
            return
        self.ended = True
        functions, self._on_close = self._on_close, []
        for function in functions:
            function()
        if self.on_frame is not None:
            self.on_frame()
