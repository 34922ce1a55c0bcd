"""envoy.filters.http.fault: delays and aborts a share of the requests."""

from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.programs.envoy.http_filter import Tools
from podlab.mock.programs.envoy.http_messages import Head, Response
from podlab.mock.programs.envoy.matching import DENOMINATORS, happens, matches_headers
from podlab.mock.programs.envoy.replies import local_reply
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import Obj

_DELAY: Final = "x-envoy-fault-delay-request"
_ABORT: Final = "x-envoy-fault-abort-request"
_STATUSES: Final = range(200, 600)


class Fault:
    """One filter, or what a route puts in its place."""

    def __init__(self, config: Obj, tools: Tools) -> None:
        self._config = config
        self._prefix = f"{tools.prefix}fault."
        self._stats = tools.stats
        self._kernel = tools.kernel
        self._random = tools.random
        names = "aborts_injected delays_injected faults_overflow response_rl_injected"
        tools.stats.declare(self._prefix, names, "active_faults")

    async def apply(self, info: Info, head: Head) -> Response | None:
        """See `HttpFilter`."""
        config = self._config
        if config.get("upstream_cluster", info.cluster) != info.cluster or not matches_headers(config.get("headers", []), head):
            return None
        if self._crowded():
            return None
        delay = self._delay_ns(head)
        if delay is not None:
            self._stats.add(f"{self._prefix}delays_injected")
            self._stats.move(f"{self._prefix}active_faults", 1)
            info.flag("DI")
            try:
                await self._kernel.sleep(delay)
            finally:
                self._stats.move(f"{self._prefix}active_faults", -1)
        status = self._status(head)
        if status is None:
            return None
        self._stats.add(f"{self._prefix}aborts_injected")
        return local_reply(info, status, "fault filter abort", "fault_filter_abort", "FI")

    def answered(self, head: Head, response: Response) -> None:
        """See `HttpFilter`."""

    def _crowded(self) -> bool:
        most = self._config.get("max_active_faults")
        if most is None or self._stats.gauges[f"{self._prefix}active_faults"] < most:
            return False
        self._stats.add(f"{self._prefix}faults_overflow")
        return True

    def _delay_ns(self, head: Head) -> int | None:
        delay = self._config.get("delay")
        if delay is None:
            return None
        asked = _number(head, _DELAY) if "header_delay" in delay else None
        wanted = delay.get("fixed_delay") if "header_delay" not in delay else None if asked is None else asked * MILLISECOND
        return wanted if wanted is not None and self._happens(delay, head, _DELAY) else None

    def _status(self, head: Head) -> int | None:
        abort = self._config.get("abort")
        if abort is None:
            return None
        status = _number(head, _ABORT) if "header_abort" in abort else abort["http_status"]
        return status if status in _STATUSES and self._happens(abort, head, _ABORT) else None

    def _happens(self, config: Obj, head: Head, header: str) -> bool:
        """A header may lower the share, when the fault is one that headers ask for."""
        share = config.get("percentage", {})
        asked = _number(head, f"{header}-percentage") if {"header_delay", "header_abort"} & config.keys() else None
        if asked is not None:
            most = DENOMINATORS[share.get("denominator", "HUNDRED")]
            share = {**share, "numerator": min(asked, share.get("numerator", 0), most)}
        return happens(share, self._random)


def _number(head: Head, name: str) -> int | None:
    text = head.headers.get(name)
    return int(text) if text is not None and text.isdecimal() else None
