"""The HTTP filters that are modelled, by the types of their configurations and of what routes put in their place."""

from collections.abc import Callable
from typing import Final

from podlab.mock.programs.envoy.cors import Cors
from podlab.mock.programs.envoy.fault import Fault
from podlab.mock.programs.envoy.http_filter import HttpFilter, Tools
from podlab.mock.programs.envoy.rate_limit import LocalRateLimit
from podlab.mock.programs.envoy.schema import Obj

_HTTP: Final = "envoy.extensions.filters.http."
ROUTER: Final = f"{_HTTP}router.v3.Router"
FILTER_CONFIG: Final = "envoy.config.route.v3.FilterConfig"
FILTERS: Final[dict[str, Callable[[Obj, Tools], HttpFilter]]] = {
    f"{_HTTP}fault.v3.HTTPFault": Fault,
    f"{_HTTP}local_ratelimit.v3.LocalRateLimit": LocalRateLimit,
    f"{_HTTP}cors.v3.Cors": Cors,
}
OVERRIDES: Final[dict[str, Callable[[Obj, Tools], HttpFilter]]] = {**FILTERS, f"{_HTTP}cors.v3.CorsPolicy": Cors}


def make_filter(config: Obj, tools: Tools) -> HttpFilter:
    """A filter of the chain."""
    kind = FILTERS[config["@type"]]
    return kind({} if kind is Cors else config, tools)


def make_override(config: Obj, tools: Tools) -> HttpFilter | None:
    """What a route puts in a filter's place, None for nothing."""
    if config["@type"] == FILTER_CONFIG:
        return None if config.get("disabled") or "config" not in config else make_override(config["config"], tools)
    return OVERRIDES[config["@type"]](config, tools)
