"""What Envoy checks beyond the types of the fields: names that are referred to, expressions, files."""

import re2

from podlab.mock.programs.envoy.filters import FILTER_CONFIG, FILTERS, OVERRIDES, ROUTER
from podlab.mock.programs.envoy.matching import pattern
from podlab.mock.programs.envoy.mutation import check_mutations
from podlab.mock.programs.envoy.outliers import LONGEST_NS
from podlab.mock.programs.envoy.retries import CONDITIONS
from podlab.mock.programs.envoy.schema import ConfigError, Obj, messages_of
from podlab.mock.programs.envoy.upstream import is_address

HCM = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
TCP_PROXY = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"
MOST_WEIGHT = (1 << 32) - 1
_CONSIDER = "Consider setting resolver_name or setting cluster type to 'STRICT_DNS' or 'LOGICAL_DNS'"
_TLS = "envoy.extensions.transport_sockets.tls.v3."
_RAW = "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"


def files_of(config: Obj) -> list[str]:
    """The files that a configuration reads."""
    found: dict[str, None] = {}
    for key in ("certificate_chain", "private_key", "trusted_ca", "text_format_source"):
        for source in messages_of(config, key):
            if "filename" in source:
                found[source["filename"]] = None
    return list(found)


def check(config: Obj) -> None:
    """Checks a configuration that was read. Raises ConfigError."""
    admin = config.get("admin", {}).get("address", {}).get("socket_address", {}).get("address", "")
    if admin and not is_address(admin):
        raise ConfigError(f"malformed IP address: {admin}")
    resources = config.get("static_resources", {})
    clusters = resources.get("clusters", [])
    seen: set[str] = set()
    for cluster in clusters:
        if cluster["name"] in seen:
            raise ConfigError(f"cluster manager: duplicate cluster '{cluster['name']}'")
        seen.add(cluster["name"])
        _check_cluster(cluster)
    _check_tls(resources)
    for expression in messages_of(resources, "regex"):
        _check_regex(str(expression))
    for key in ("string_match", "matcher", "match_typed_subject_alt_names", "allow_origin_string_match"):
        for matcher in messages_of(resources, key):
            if "safe_regex" in matcher and matcher.get("ignore_case"):
                raise ConfigError("ignore_case has no effect for safe_regex.")
    check_mutations(resources)
    addresses: set[tuple[str, int]] = set()
    for listener in resources.get("listeners", []):
        _check_listener(listener, seen)
        socket = listener["address"]["socket_address"]
        where = socket["address"], socket.get("port_value", 0)
        if where in addresses:
            name = listener.get("name", "")
            raise ConfigError(
                f"error adding listener: '{name}' has duplicate address '{where[0]}:{where[1]}' as existing listener"
            )
        addresses.add(where)


def _check_tls(resources: Obj) -> None:
    for validation in messages_of(resources, "validation_context"):
        if validation.get("match_typed_subject_alt_names") and "trusted_ca" not in validation:
            raise ConfigError("SAN-based verification of peer certificates without trusted CA is insecure and not allowed")
    for protocol in messages_of(resources, "alpn_protocols"):
        if str(protocol) == "h2":
            raise ConfigError("podlab does not model HTTP/2, for which 'h2' in alpn_protocols asks")


def _check_regex(text: str) -> None:
    try:
        pattern(text)
    except re2.error as error:
        why = error.args[0] if error.args else ""
        raise ConfigError(why.decode() if isinstance(why, bytes) else str(why)) from None


def _check_cluster(cluster: Obj) -> None:
    static = cluster.get("type", "STATIC") == "STATIC"
    localities = cluster.get("load_assignment", {}).get("endpoints", [])
    endpoints = [one.get("endpoint", {}) for locality in localities for one in locality.get("lb_endpoints", [])]
    for endpoint in endpoints:
        if "address" not in endpoint:
            raise ConfigError(f"Address must be set: . {_CONSIDER}")
        address = endpoint["address"].get("socket_address", {}).get("address", "")
        if static and not is_address(address):
            raise ConfigError(f"malformed IP address: {address}. {_CONSIDER}")
    if cluster.get("type") == "LOGICAL_DNS" and len(endpoints) != 1:
        raise ConfigError("LOGICAL_DNS clusters must have a single locality_lb_endpoint and a single lb_endpoint")
    _check_health_checks(cluster.get("health_checks", []))
    outliers = cluster.get("outlier_detection", {})
    if outliers.get("max_ejection_time", LONGEST_NS) < outliers.get("base_ejection_time", 0):
        raise ConfigError("outlier detector's max_ejection_time cannot be smaller than base_ejection_time")
    _check_socket(cluster.get("transport_socket"), "UpstreamTlsContext")


def _check_health_checks(checks: list[Obj]) -> None:
    if len(checks) > 1:
        for number, check in enumerate(checks):
            if not check.get("name"):
                raise ConfigError(
                    f"health check at index {number} is missing a name; "
                    "all health checks must have a name when multiple health checks are configured"
                )
        raise ConfigError("podlab models one health check for a cluster, not several")
    for check in checks:
        if check.get("name"):
            raise ConfigError("podlab does not model the field 'name' of envoy.config.core.v3.HealthCheck")
        for kind in ("expected", "retriable"):
            for one in check.get("http_health_check", {}).get(f"{kind}_statuses", []):
                _check_range(one.get("start", 0), one.get("end", 0), f"Invalid http {kind} status range: expecting ")


def _check_range(start: int, end: int, wrong: str) -> None:
    if start >= end:
        raise ConfigError(f"{wrong}start < end, but found start={start} and end={end}")
    if start < 100:
        raise ConfigError(f"{wrong}start >= 100, but found start={start}")
    if end > 600:
        raise ConfigError(f"{wrong}end <= 600, but found end={end}")


def chains_of(listener: Obj) -> list[Obj]:
    """The filter chains of a listener; the default one comes last, without anything that it would match."""
    chains: list[Obj] = listener.get("filter_chains", [])
    default = listener.get("default_filter_chain")
    return chains if default is None else [*chains, {**default, "filter_chain_match": None}]


def _check_socket(socket: Obj | None, wanted: str) -> None:
    if socket is None:
        return
    kind = socket.get("typed_config", {}).get("@type", "")
    if kind not in (_TLS + wanted, _RAW):
        raise ConfigError(f"Unable to parse JSON as proto: a transport socket here needs the type {wanted}, it has '{kind}'")


def _check_listener(listener: Obj, clusters: set[str]) -> None:
    name = listener.get("name", "")
    if "address" not in listener:
        raise ConfigError(f"error adding listener named '{name}': address is necessary")
    socket = listener["address"]["socket_address"]
    if not is_address(socket["address"]):
        raise ConfigError(f"malformed IP address: {socket['address']}")
    if not chains_of(listener):
        raise ConfigError(
            f"error adding listener '{socket['address']}:{socket.get('port_value', 0)}': no filter chains specified"
        )
    matches: list[Obj] = []
    for chain in chains_of(listener):
        if chain.get("filter_chain_match", {}) in matches:
            raise ConfigError(
                f"error adding listener '{socket['address']}:{socket.get('port_value', 0)}': "
                f"filter chain '{chain.get('name', '')}' "
                "has the same matching rules defined as an earlier one"
            )
        matches.append(chain.get("filter_chain_match", {}))
        _check_socket(chain.get("transport_socket"), "DownstreamTlsContext")
        filters = chain.get("filters", [])
        if len(filters) != 1:
            raise ConfigError(
                f"podlab models filter chains of exactly one filter; a chain of listener '{name}' has {len(filters)}"
            )
        typed = filters[0].get("typed_config", {})
        if typed.get("@type") == HCM:
            _check_manager(typed, clusters)
        elif typed.get("@type") == TCP_PROXY:
            _check_tcp(typed, clusters)
        else:
            raise ConfigError(
                f"Didn't find a registered implementation for '{filters[0]['name']}' with type URL: '{typed.get('@type', '')}'"
            )


def _check_tcp(config: Obj, clusters: set[str]) -> None:
    names = [config["cluster"]] if "cluster" in config else [one["name"] for one in config["weighted_clusters"]["clusters"]]
    for name in names:
        if name not in clusters:
            raise ConfigError(f"podlab models tcp_proxy only to clusters that exist; there is none named '{name}'")


def _check_manager(config: Obj, clusters: set[str]) -> None:
    _check_filters(config.get("http_filters", []))
    domains: set[str] = set()
    for host in config["route_config"].get("virtual_hosts", []):
        for domain in host["domains"]:
            if domain.lower() in domains:
                kind = "Only a single wildcard domain" if domain == "*" else "Only unique values for domains"
                end = f" is permitted in route {config['route_config'].get('name', '')}"
                raise ConfigError(
                    kind + end if domain == "*" else f"{kind} are permitted. Duplicate entry of domain {domain}{end[13:]}"
                )
            domains.add(domain.lower())
        _check_overrides(host)
        for route in host.get("routes", []):
            for one in [route, *route.get("route", {}).get("weighted_clusters", {}).get("clusters", [])]:
                _check_overrides(one)
            _check_route(route, clusters, config["route_config"].get("validate_clusters", True))


def _check_filters(filters: list[Obj]) -> None:
    kinds = [one.get("typed_config", {}).get("@type", "") for one in filters]
    if ROUTER not in kinds[-1:] and all(kind in FILTERS for kind in kinds[-1:]):
        if not kinds:
            raise ConfigError("podlab models HTTP connection managers only with the router as their last filter")
        named = f"non-terminal filter named {filters[-1]['name']} of type {kinds[-1]}"
        raise ConfigError(f"Error: {named} is the last filter in a http filter chain.")
    for kind, one in zip(kinds, filters, strict=True):
        if not kind:
            raise ConfigError(f"Didn't find a registered implementation for '{one['name']}' with type URL: ''")
        if kind not in FILTERS and kind != ROUTER:
            raise ConfigError(f"podlab does not model the HTTP filter '{kind}'")
    if ROUTER in kinds[:-1]:
        named = f"terminal filter named {filters[kinds.index(ROUTER)]['name']} of type envoy.filters.http.router"
        raise ConfigError(f"Error: {named} must be the last filter in a http filter chain.")


def _check_overrides(config: Obj) -> None:
    for name, typed in config.get("typed_per_filter_config", {}).items():
        kind = typed["@type"]
        inner = typed.get("config", {}).get("@type", "") if kind == FILTER_CONFIG else kind
        if inner and inner not in OVERRIDES:
            raise ConfigError(f"podlab does not model '{inner}' for the filter '{name}' in a route")


def _check_weights(weighted: list[Obj], route: str) -> None:
    for one in weighted:
        if "name" not in one:
            raise ConfigError("At least one of name or cluster_header need to be specified")
        if "weight" not in one:
            raise ConfigError(f"Field 'weight' is missing in: name: \"{one['name']}\"")
    total = sum(one["weight"] for one in weighted)
    if not total:
        raise ConfigError("Sum of weights in the weighted_cluster must be greater than 0.")
    if total > MOST_WEIGHT:
        raise ConfigError(f"The sum of weights of all weighted clusters of route {route} exceeds {MOST_WEIGHT}")


def _check_route(route: Obj, clusters: set[str], validate: bool) -> None:
    action = route.get("route", {})
    weighted = action.get("weighted_clusters", {}).get("clusters", [])
    if weighted:
        _check_weights(weighted, route.get("name", ""))
    for name in [action["cluster"]] if "cluster" in action else [one.get("name", "") for one in weighted]:
        if name not in clusters and validate:
            raise ConfigError(
                f"route: unknown cluster '{name}'" if "cluster" in action else f"route: unknown weighted cluster '{name}'"
            )
    if "prefix_rewrite" in action and "regex_rewrite" in action:
        raise ConfigError("Specify only one of prefix_rewrite, regex_rewrite or path_rewrite_policy")
    _check_retries(action.get("retry_policy", {}))


def _check_retries(policy: Obj) -> None:
    for word in filter(None, (word.strip() for word in policy.get("retry_on", "").split(","))):
        if word not in CONDITIONS and word not in GRPC_CONDITIONS:
            continue  # Envoy takes no notice of words that it does not know
        if word in GRPC_CONDITIONS:
            raise ConfigError(f"podlab does not model the retry condition '{word}'")
    for predicate in policy.get("retry_host_predicate", []):
        if "typed_config" not in predicate:
            raise ConfigError(f"Didn't find a registered implementation for '{predicate['name']}' with type URL: ''")
    backoff = policy.get("retry_back_off", {})
    if backoff and backoff.get("max_interval", backoff["base_interval"]) < backoff["base_interval"]:
        raise ConfigError("retry_policy.max_interval must greater than or equal to the base_interval")


GRPC_CONDITIONS = frozenset(["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"])
