"""envoy.filters.http.local_ratelimit: a bucket of tokens, one for each request, that fills as time passes."""

from math import ceil
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.programs.envoy.http_filter import Tools
from podlab.mock.programs.envoy.http_messages import Head, Response
from podlab.mock.programs.envoy.matching import happens
from podlab.mock.programs.envoy.mutation import make_mutation
from podlab.mock.programs.envoy.replies import local_reply
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import ConfigError, Obj

LEAST_FILL_NS: Final = 50 * MILLISECOND


class LocalRateLimit:
    """One filter, or what a route puts in its place."""

    def __init__(self, config: Obj, tools: Tools) -> None:
        self._config = config
        self._prefix = f"{config['stat_prefix']}.http_local_rate_limit."
        self._stats = tools.stats
        self._kernel = tools.kernel
        self._random = tools.random
        bucket = config.get("token_bucket")
        if bucket is not None and bucket["fill_interval"] < LEAST_FILL_NS:
            raise ConfigError("local rate limit token bucket fill timer must be >= 50ms")
        self._limited = bucket is not None
        self._most: int = (bucket or {}).get("max_tokens", 0)
        self._fill: int = (bucket or {}).get("tokens_per_fill", 1)
        self._interval: int = (bucket or {}).get("fill_interval", 1)
        self._tokens = float(self._most)
        self._at_ns = tools.kernel.now_ns
        self._refused = make_mutation(config.get("response_headers_to_add", []), [])
        self._noted = make_mutation(config.get("request_headers_to_add_when_not_enforced", []), [])
        tools.stats.declare(self._prefix, "enabled enforced ok rate_limited")

    def _take(self) -> bool:
        if not self._limited:
            return True
        now = self._kernel.now_ns
        self._tokens = min(self._most, self._tokens + (now - self._at_ns) * self._fill / self._interval)
        self._at_ns = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    async def apply(self, info: Info, head: Head) -> Response | None:
        """See `HttpFilter`."""
        if not happens(self._config.get("filter_enabled", {}).get("default_value", {}), self._random):
            return None
        self._stats.add(f"{self._prefix}enabled")
        if self._take():
            self._stats.add(f"{self._prefix}ok")
            return None
        self._stats.add(f"{self._prefix}rate_limited")
        if not happens(self._config.get("filter_enforced", {}).get("default_value", {}), self._random):
            self._noted.apply(head.headers, info)
            return None
        self._stats.add(f"{self._prefix}enforced")
        status = self._config.get("status", {}).get("code", 429)
        response = local_reply(info, status if status >= 400 else 429, "local_rate_limited", "local_rate_limited", "RL")
        own, response.headers.items = response.headers.items, []
        self._refused.apply(response.headers, info)
        response.headers.items += own
        return response

    def answered(self, head: Head, response: Response) -> None:
        """Tells how many are left, when it is to be told."""
        if self._config.get("enable_x_ratelimit_headers") != "DRAFT_VERSION_03" or not self._limited:
            return
        reset = ceil(max(1 - self._tokens, 0) * self._interval / self._fill / SECOND)
        for name, value in (("limit", self._most), ("remaining", int(self._tokens)), ("reset", reset)):
            response.headers.set(f"x-ratelimit-{name}", str(value))
