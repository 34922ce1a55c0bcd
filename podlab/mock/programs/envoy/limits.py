"""Until when what must have happened to a request: the whole of it, an answer, one try, or anything at all."""

from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND, Kernel
from podlab.mock.programs.envoy.http_messages import Headers
from podlab.mock.programs.envoy.schema import Obj

TIMEOUT_NS: Final = 15 * SECOND


class Limits:
    """The limits of one request; headers of the inside go before the configuration, and go no further.

    Args:
        kernel: The clock.
        headers: The request's.
        action, policy: Its route's action and retry policy.
        idle_ns, longest_ns: What the connection manager says of streams, where the route does not.
        started_ns: When it began.

    Attributes:
        late_status: What is answered when there is none in time.
    """

    def __init__(
        self, kernel: Kernel, headers: Headers, action: Obj, policy: Obj, idle_ns: int, longest_ns: int, started_ns: int
    ) -> None:
        self._kernel = kernel
        self._timeout_ns = _take_ms(headers, "x-envoy-upstream-rq-timeout-ms", action.get("timeout", TIMEOUT_NS))
        self._per_try_ns = _take_ms(headers, "x-envoy-upstream-rq-per-try-timeout-ms", policy.get("per_try_timeout", 0))
        if self._timeout_ns and self._per_try_ns >= self._timeout_ns:
            self._per_try_ns = 0
        self._per_try_idle_ns: int = policy.get("per_try_idle_timeout", 0)
        self.late_status = 504
        if headers.get("x-envoy-upstream-rq-timeout-alt-response") is not None:
            headers.remove("x-envoy-upstream-rq-timeout-alt-response")
            self.late_status = 204
        longest = action.get("max_stream_duration", {}).get("max_stream_duration", longest_ns)
        self._idle_ns: int = action.get("idle_timeout", idle_ns)
        self._all: dict[str, int] = {"duration": started_ns + longest} if longest else {}
        self._of_try: dict[str, int] = {}
        self.stirred()

    # --- what happens ---

    def stirred(self) -> None:
        """Something came of the client."""
        if self._idle_ns:
            self._all["idle"] = self._kernel.now_ns + self._idle_ns

    def complete(self) -> None:
        """The client has sent all: the time for an answer begins."""
        if self._timeout_ns:
            self._all["response"] = self._kernel.now_ns + self._timeout_ns

    def between_tries(self) -> None:
        """No try is under way."""
        self._of_try = {}

    def try_sent(self) -> None:
        """A try begins when there is a connection, and all was sent."""
        spans = {"per_try": self._per_try_ns, "per_try_idle": self._per_try_idle_ns}
        self._of_try = {kind: self._kernel.now_ns + span for kind, span in spans.items() if span}

    # --- what is over when ---

    def deadline(self) -> int | None:
        """When the first of them is over."""
        limits = self._all | self._of_try if self._of_try else self._all
        return min(limits.values(), default=None)

    def of_body(self) -> int | None:
        """Until when the body of an answer must have come."""
        return min((limit for kind, limit in self._all.items() if kind != "idle"), default=None)

    @property
    def first(self) -> str:
        """Which is over first: `response`, `per_try`, `per_try_idle`, `idle` or `duration`."""
        limits = self._all | self._of_try
        return min(limits, key=lambda kind: limits[kind])

    @property
    def over(self) -> str | None:
        """Which is over now."""
        return next((kind for kind, limit in self._all.items() if self._kernel.now_ns >= limit), None)

    def expected_ms(self) -> int | None:
        """How long an answer is waited for, as a host is told; None for ever."""
        shown = self._per_try_ns or self._timeout_ns
        if "response" in self._all:
            shown = min(shown, self._all["response"] - self._kernel.now_ns)
        return shown // MILLISECOND if shown else None


def _take_ms(headers: Headers, name: str, otherwise: int) -> int:
    """A time out of a header, which goes no further."""
    text = headers.get(name)
    headers.remove(name)
    return int(text) * MILLISECOND if text is not None and text.isdecimal() else otherwise
