"""When a request is tried again: the conditions of `retry_on`, the number of tries, breakers and budget, and the pauses."""

from random import Random
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.matching import matches_header
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.upstream import Cluster

BASE_INTERVAL_NS: Final = 25 * MILLISECOND
CONDITIONS: Final = frozenset(
    [
        "5xx",
        "gateway-error",
        "reset",
        "reset-before-request",
        "connect-failure",
        "retriable-4xx",
        "refused-stream",
        "retriable-status-codes",
        "retriable-headers",
        "envoy-ratelimited",
        "http3-post-connect-failure",
    ]
)
_TAKEN: Final = frozenset(
    [
        "x-envoy-retry-on",
        "x-envoy-max-retries",
        "x-envoy-retriable-status-codes",
        "x-envoy-retriable-header-names",
        "x-envoy-retry-grpc-on",
        "x-envoy-hedge-on-per-try-timeout",
        "x-envoy-upstream-alt-stat-name",
    ]
)
_CONNECT_FAILURES: Final = ("remote connection failure", "local connection failure", "connection timeout")


def _words(text: str) -> set[str]:
    return {word.strip() for word in text.split(",")} & CONDITIONS


class Retries:
    """The retries of one request. `close` must be called at its end."""

    def __init__(self, policy: Obj, cluster: Cluster, random: Random, head: Head) -> None:
        self.conditions = _words(policy.get("retry_on", ""))
        self._left = policy.get("num_retries", 1)
        self._codes = list(policy.get("retriable_status_codes", []))
        self._headers = policy.get("retriable_headers", [])
        asked = policy.get("retriable_request_headers", [])
        if asked and not any(matches_header(one, head) for one in asked):
            self.conditions = set()
        self._take_headers(head.headers)
        backoff = policy.get("retry_back_off", {})
        self._interval = backoff.get("base_interval", BASE_INTERVAL_NS)
        self._most = max(backoff.get("max_interval", 10 * self._interval), self._interval)
        self._cluster = cluster
        self._random = random
        self._holding = False

    def _take_headers(self, headers: Headers) -> None:
        """What the inside asks for goes on top of the policy, and no further."""
        self.conditions |= _words(headers.get("x-envoy-retry-on") or "")
        codes = headers.get("x-envoy-retriable-status-codes")
        if codes is not None:
            self._codes += [int(word) for word in codes.split(",") if word.strip().isdecimal()]
        most = headers.get("x-envoy-max-retries")
        if most is not None and most.isdecimal() and self.conditions:
            self._left = int(most)
        headers.items = [item for item in headers.items if item[0] not in _TAKEN]

    def wants_answer(self, head: Head) -> bool:
        """Whether a response is one to try again after."""
        conditions, status = self.conditions, head.status
        return (
            ("5xx" in conditions and status >= 500)
            or ("gateway-error" in conditions and status in (502, 503, 504))
            or ("retriable-4xx" in conditions and status == 409)
            or ("retriable-status-codes" in conditions and status in self._codes)
            or ("envoy-ratelimited" in conditions and head.headers.get("x-envoy-ratelimited") is not None)
            or ("retriable-headers" in conditions and self._marked(head))
        )

    def _marked(self, head: Head) -> bool:
        return any(matches_header(one, head) for one in self._headers)

    def wants_reset(self, reason: str) -> bool:
        """Whether a reset (or `timeout`, of one try) is one to try again after."""
        conditions = self.conditions
        if reason == "overflow":
            return False
        if conditions & {"5xx", "gateway-error", "reset"}:
            return True
        return reason in _CONNECT_FAILURES and bool(conditions & {"connect-failure", "reset-before-request"})

    def take(self, wanted: bool) -> str:
        """Asks for another try: `yes`, `no` (not wanted), `limit` (no tries left) or `overflow` (too many at once)."""
        stats, prefix = self._cluster.stats, self._cluster.prefix
        if not wanted:
            if self._holding:
                stats.add(f"{prefix}upstream_rq_retry_success")
            self.close()
            return "no"
        self.close()
        if self._left <= 0:
            stats.add(f"{prefix}upstream_rq_retry_limit_exceeded")
            return "limit"
        self._left -= 1
        if self._cluster.retries >= self._cluster.max_retries:
            stats.add(f"{prefix}upstream_rq_retry_overflow")
            return "overflow"
        self._cluster.retries += 1
        self._holding = True
        return "yes"

    def begin(self) -> None:
        """The pause is over, and the next try begins."""
        for name in ("upstream_rq_retry", "upstream_rq_retry_backoff_exponential"):
            self._cluster.stats.add(f"{self._cluster.prefix}{name}")

    def pause_ns(self) -> int:
        """How long to wait before the next try: at random within an interval that doubles."""
        interval = self._interval
        self._interval = min(2 * interval, self._most)
        return int(self._random.random() * (interval // MILLISECOND)) * MILLISECOND

    def close(self) -> None:
        """Is over."""
        if self._holding:
            self._holding = False
            self._cluster.retries -= 1
