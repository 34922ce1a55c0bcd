"""The route table, made once from the configuration: which virtual host and which route a request takes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from podlab.mock.programs.envoy.http_filter import HttpFilter
from podlab.mock.programs.envoy.http_messages import Head, Headers
from podlab.mock.programs.envoy.matching import matches_route
from podlab.mock.programs.envoy.mutation import Mutation, make_mutation
from podlab.mock.programs.envoy.request import Info
from podlab.mock.programs.envoy.schema import Obj

Overrides = dict[str, HttpFilter | None]
MakeOverride = Callable[[Obj], HttpFilter | None]
_TO_HTTPS: Final[Obj] = {"match": {"prefix": "/"}, "redirect": {"https_redirect": True}}


@dataclass(slots=True)
class Level:
    """What a route, a virtual host, a weighted cluster or the whole table says about headers and filters."""

    config: Obj
    requests: Mutation
    responses: Mutation
    overrides: Overrides


@dataclass(slots=True)
class Choice:
    """What was found for a request.

    Attributes:
        route: The configuration of the route.
        host: The configuration of the virtual host.
        levels: From the most specific to the whole table.
        cluster: The name of the cluster, empty when the route goes to none.
        overrides: What single filters are replaced by, None for those that are switched off.
    """

    route: Obj
    host: Obj
    levels: list[Level]
    cluster: str = ""
    overrides: Overrides = field(default_factory=dict)

    def change_request(self, headers: Headers, info: Info) -> None:
        """Applies what is to be changed in a request."""
        for level in self.levels:
            level.requests.apply(headers, info)

    def change_response(self, headers: Headers, info: Info) -> None:
        """Applies what is to be changed in a response."""
        for level in self.levels:
            level.responses.apply(headers, info)


def _level(config: Obj, make: MakeOverride) -> Level:
    requests = make_mutation(config.get("request_headers_to_add", []), config.get("request_headers_to_remove", []))
    responses = make_mutation(config.get("response_headers_to_add", []), config.get("response_headers_to_remove", []))
    overrides = {name: make(typed) for name, typed in config.get("typed_per_filter_config", {}).items()}
    return Level(config, requests, responses, overrides)


@dataclass(slots=True)
class _Route:
    level: Level
    weighted: list[Level]


class _Host:
    def __init__(self, config: Obj, make: MakeOverride) -> None:
        self.level = _level(config, make)
        self.routes: list[_Route] = []
        for route in config.get("routes", []):
            weighted = route.get("route", {}).get("weighted_clusters", {}).get("clusters", [])
            self.routes.append(_Route(_level(route, make), [_level(one, make) for one in weighted]))
        self.to_https = _Route(_level(_TO_HTTPS, make), []) if config.get("require_tls") == "ALL" else None


class RouteTable:
    """The table of one HTTP connection manager. Raises ConfigError."""

    def __init__(self, config: Obj, make: MakeOverride, random: Random) -> None:
        self._ignores_port = config.get("ignore_port_in_host_matching", False)
        self._level = _level(config, make)
        self._random = random
        self._exact: dict[str, _Host] = {}
        self._patterns: list[tuple[str, _Host]] = []
        for host in config.get("virtual_hosts", []):
            made = _Host(host, make)
            for domain in host["domains"]:
                if "*" in domain:
                    self._patterns.append((domain.lower(), made))
                else:
                    self._exact[domain.lower()] = made

    def find(self, head: Head) -> Choice | None:
        """The route of a request, None when there is none."""
        host = self._host((head.headers.get("host") or "").lower())
        if host is None:
            return None
        if host.to_https is not None and head.headers.get("x-forwarded-proto") != "https":
            return self._choice(host, host.to_https, head)
        for route in host.routes:
            if matches_route(route.level.config["match"], head, self._random):
                return self._choice(host, route, head)
        return None

    def _host(self, name: str) -> _Host | None:
        if self._ignores_port and not name.endswith("]"):
            name = name.rpartition(":")[0] or name
        found = self._exact.get(name)
        if found is not None:
            return found
        ranked = [(rank, -n) for n, (domain, _) in enumerate(self._patterns) if (rank := _rank(domain, name)) is not None]
        return self._patterns[-max(ranked)[1]][1] if ranked else None

    def _choice(self, host: _Host, route: _Route, head: Head) -> Choice:
        levels = [route.level, host.level, self._level]
        config = route.level.config
        cluster, weighted = self._cluster(config.get("route", {}), route.weighted, head)
        if weighted is not None:
            levels.insert(0, weighted)
        overrides: Overrides = {}
        for level in reversed(levels):
            overrides.update(level.overrides)
        return Choice(config, host.level.config, levels, cluster, overrides)

    def _cluster(self, action: Obj, weighted: list[Level], head: Head) -> tuple[str, Level | None]:
        if "cluster_header" in action:
            return head.headers.get(action["cluster_header"].lower()) or "", None
        if not weighted:
            return action.get("cluster", ""), None
        point = self._random.random() * sum(one.config.get("weight", 0) for one in weighted)
        for one in weighted:
            point -= one.config.get("weight", 0)
            if point < 0:
                return one.config["name"], one
        return weighted[-1].config["name"], weighted[-1]


def _rank(domain: str, name: str) -> tuple[int, int] | None:
    """How well a domain with a wildcard fits (more is better), None when it does not."""
    if domain == "*":
        return 0, 0
    if domain.startswith("*") and name.endswith(domain[1:]) and len(name) >= len(domain):
        return 2, len(domain)
    if domain.endswith("*") and name.startswith(domain[:-1]) and len(name) >= len(domain):
        return 1, len(domain)
    return None
