"""Which wait a request opens: what it says itself (`Podlab-Wait`), what kubectl says of it (`Kubectl-Command`), and what it is.

`docs/architecture.md` says what the header means on each kind of request.
"""

from typing import Final, Protocol

from podlab.mock.api.errors import BadRequest
from podlab.mock.api.node import ExecAnswer, PortForwardAnswer, ProxyAnswer
from podlab.mock.api.request import Request
from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.server.waits import Kind, Wait

KUBECTL_WAITS: Final = frozenset(
    {
        *("kubectl wait", "kubectl rollout status", "kubectl delete", "kubectl replace"),
        *("kubectl run", "kubectl debug", "kubectl attach", "kubectl apply"),
    }
)
"""The commands that watch in order to return when a condition holds (`get --watch`, `events --watch` and `logs` do not)."""

ALLOWANCE_NS: Final = 3600 * SECOND
"""How far one run of kubectl may make time jump: its `--timeout` is not in its requests, and a condition may never come true."""

WATCH_WALL_NS: Final = 1_200 * MILLISECOND
"""How long a watch of kubectl lives on the wall: the client complains of one that ends within a second of real time."""

_REMEMBERED_SESSIONS: Final = 64
_VALUES: Final = {"first": Kind.FIRST, "advance": Kind.ADVANCE}


class Timekeeper(Protocol):
    """Who is told of waits: `pacing.Pacer`, or for those who ask from within simulated time `unpaced.Unpaced`."""

    kernel: Kernel

    def wait(self, kind: Kind, limit_ns: int | None = None, rest: tuple[int, int] | None = None) -> Wait:
        """Opens a wait; see `Pacer.wait`."""

    def present(self) -> None:
        """A request is about to be handled."""


class Asking:
    """Opens waits."""

    def __init__(self, pacer: Timekeeper) -> None:
        self._pacer = pacer
        self._sessions: dict[str, int] = {}  # kubectl's run -> the simulated time up to which it may jump

    def watch(self, request: Request) -> Wait | None:
        """The wait of a watch; None for one that only looks on.

        Raises:
            BadRequest: its `Podlab-Wait` makes no sense.
        """
        kind = _asked(request)
        if kind is None:
            if request.headers.get("kubectl-command") not in KUBECTL_WAITS:
                return None
            limit_ns, rest = self._allowance_ns(request.headers.get("kubectl-session", "")), None
            if request.param("timeoutSeconds").isdecimal():
                rest = (self._now_ns + int(request.param("timeoutSeconds")) * SECOND - 1, WATCH_WALL_NS)
            return self._pacer.wait(Kind.CONDITION, limit_ns, rest)
        has_end = request.param("timeoutSeconds").isdecimal()
        if kind is Kind.ADVANCE and not has_end:
            raise BadRequest("Podlab-Wait: advance needs the parameter timeoutSeconds: how many seconds to let pass")
        return self._pacer.wait(kind, None if has_end else self._now_ns + ALLOWANCE_NS)

    def log(self, request: Request) -> Wait | None:
        """The wait of a log; None for one that is not followed. Raises BadRequest as `watch`."""
        asked = _asked(request) is not None
        if request.param("follow") not in ("true", "1", "t", "T", "True", "TRUE"):
            return None
        return self._pacer.wait(Kind.LINES if asked else Kind.FOLLOW)

    def stream(self, request: Request, result: ExecAnswer | PortForwardAnswer | ProxyAnswer) -> Wait:
        """The wait of what reaches a container. Raises BadRequest as `watch`."""
        asked = _asked(request) is not None
        match result:
            case ExecAnswer(stdin=True):
                kind = Kind.INPUT if asked else Kind.TALK
            case ExecAnswer(tty=True) | PortForwardAnswer():
                kind = Kind.TALK
            case _:
                kind = Kind.RESULT if asked else Kind.ANSWER
        return self._pacer.wait(kind)

    @property
    def _now_ns(self) -> int:
        return self._pacer.kernel.now_ns

    def _allowance_ns(self, session: str) -> int:
        limit_ns = self._sessions.pop(session, self._now_ns + ALLOWANCE_NS)
        self._sessions[session] = limit_ns
        if len(self._sessions) > _REMEMBERED_SESSIONS:
            del self._sessions[next(iter(self._sessions))]
        return limit_ns


def _asked(request: Request) -> Kind | None:
    value = request.headers.get("podlab-wait")
    if value is None:
        return None
    if value not in _VALUES:
        raise BadRequest(f"Podlab-Wait: {value!r} is not known; it is one of {', '.join(_VALUES)}")
    return _VALUES[value]
