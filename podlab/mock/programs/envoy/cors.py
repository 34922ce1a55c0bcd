"""envoy.filters.http.cors: which origins' pages may read the answers."""

from podlab.mock.programs.envoy.http_filter import Tools
from podlab.mock.programs.envoy.http_messages import Head, Headers, Response
from podlab.mock.programs.envoy.matching import happens, matches_string
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import Obj

_ALWAYS: Obj = {"default_value": {"numerator": 100}}


class Cors:
    """One filter; it does something only with the policy of a route or a virtual host (then it is in this one's place)."""

    def __init__(self, policy: Obj, tools: Tools) -> None:
        self._policy = policy
        self._random = tools.random
        self._stats = tools.stats
        self._prefix = f"{tools.prefix}cors."
        tools.stats.declare(self._prefix, "origin_invalid origin_valid")

    def _allows(self, origin: str) -> bool:
        matchers = self._policy.get("allow_origin_string_match", [])
        return any(matches_string(matcher, "*") or matches_string(matcher, origin) for matcher in matchers)

    def _on(self, name: str, default: Obj) -> bool:
        return happens(self._policy.get(name, default)["default_value"], self._random)

    async def apply(self, info: Info, head: Head) -> Response | None:
        """See `HttpFilter`: preflight requests are answered."""
        origin = head.headers.get("origin")
        enabled = self._on("filter_enabled", _ALWAYS)
        if not self._policy or not origin or not (enabled or self._on("shadow_enabled", {"default_value": {}})):
            return None
        asking = head.method == "OPTIONS" and bool(head.headers.get("access-control-request-method"))
        if not self._allows(origin):
            self._stats.add(f"{self._prefix}origin_invalid")
            refused = asking and enabled and not self._policy.get("forward_not_matching_preflights", True)
            return self._reply(info, Headers()) if refused else None
        self._stats.add(f"{self._prefix}origin_valid")
        if not asking or not enabled:
            return None
        headers = Headers([("access-control-allow-origin", origin)])
        if self._policy.get("allow_credentials"):
            headers.add("access-control-allow-credentials", "true")
        for field in ("allow_methods", "allow_headers", "max_age"):
            if self._policy.get(field):
                headers.add(f"access-control-{field.replace('_', '-')}", self._policy[field])
        return self._reply(info, headers)

    def _reply(self, info: Info, headers: Headers) -> Response:
        info.details = "cors_response"
        return Response(200, headers)

    def answered(self, head: Head, response: Response) -> None:
        """See `HttpFilter`: answers say who may read them."""
        origin = head.headers.get("origin")
        if not self._policy or not origin or not self._allows(origin) or not self._on("filter_enabled", _ALWAYS):
            return
        headers = response.headers
        headers.set("access-control-allow-origin", origin)
        if self._policy.get("allow_credentials"):
            headers.set("access-control-allow-credentials", "true")
        if self._policy.get("expose_headers"):
            headers.set("access-control-expose-headers", self._policy["expose_headers"])
