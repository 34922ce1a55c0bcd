"""How /clusters of the admin interface shows a cluster: as lines of text, and as JSON."""

from typing import Any, Final

from podlab.mock.programs.envoy.connections import BREAKERS
from podlab.mock.programs.envoy.hosts import Host
from podlab.mock.programs.envoy.schema import Obj
from podlab.mock.programs.envoy.upstream import Cluster

HOST_COUNTS: Final = [
    "cx_active",
    "cx_connect_fail",
    "cx_total",
    "rq_active",
    "rq_error",
    "rq_pending_active",
    "rq_success",
    "rq_timeout",
    "rq_total",
]


PLACES: Final = ("region", "zone", "sub_zone")


def describe(cluster: Cluster) -> list[str]:
    """Its lines."""
    name, limits = cluster.name, cluster.pool.limits
    lines = [f"{name}::observability_name::{cluster.label}"]
    if cluster.outliers is not None:
        for origin, (average, threshold) in zip(("", "local_origin_"), cluster.outliers.limits, strict=True):
            lines.append(f"{name}::outlier::{origin}success_rate_average::{average:g}")
            lines.append(f"{name}::outlier::{origin}success_rate_ejection_threshold::{threshold:g}")
    for priority, numbers in (("default", limits), ("high", BREAKERS)):
        for key in ("max_connections", "max_pending_requests", "max_requests", "max_retries"):
            lines.append(f"{name}::{priority}_priority::{key}::{numbers[key]}")
    lines.append(f"{name}::added_via_api::false")
    for host in cluster.hosts:
        values: dict[str, Any] = {**_counts(host), "hostname": host.name, "health_flags": host.flags, "weight": host.weight}
        values |= {**dict(zip(PLACES, host.place, strict=True)), "canary": "false", "priority": host.priority}
        answered, reached = host.conduct.rates
        values |= {"success_rate": f"{answered:g}", "local_origin_success_rate": f"{reached:g}"}
        lines += [f"{name}::{host.address}::{key}::{value}" for key, value in values.items()]
    return lines


def status_of(cluster: Cluster) -> Obj:
    """A cluster as /clusters?format=json shows it."""
    limits = {key: cluster.pool.limits[key] for key in BREAKERS}
    shown = {
        "name": cluster.name,
        "host_statuses": [_host_status(host) for host in cluster.hosts],
        "circuit_breakers": {"thresholds": [limits, {"priority": "HIGH", **BREAKERS}]},
        "observability_name": cluster.label,
    }
    return {key: value for key, value in shown.items() if value != []}


def _host_status(host: Host) -> Obj:
    counts, gauges = _counts(host), ("cx_active", "rq_active", "rq_pending_active")
    order = [*(key for key in HOST_COUNTS if key not in gauges), *gauges]
    stats = [
        {**({"type": "GAUGE"} if key in gauges else {}), **({"value": str(counts[key])} if counts[key] else {}), "name": key}
        for key in order
    ]
    health: Obj = {"failed_active_health_check": True} if host.failed_check else {}
    health |= {"failed_outlier_check": True} if host.ejected else {}
    health["eds_health_status"] = "UNHEALTHY" if host.unfit else "HEALTHY"
    named = {"hostname": host.name} if host.name else {}
    address = {"socket_address": {"address": host.ip, "port_value": host.port}}
    priority = {"priority": host.priority} if host.priority else {}
    return {
        "address": address, "stats": stats, "health_status": health, "weight": host.weight, **named, **priority,
        "locality": {key: value for key, value in zip(PLACES, host.place, strict=True) if value},
    }  # fmt: skip


def _counts(host: Host) -> dict[str, int]:
    current = {"cx_active": host.connections, "rq_active": host.active, "rq_pending_active": 0}
    return {key: current.get(key, host.counts.get(key, 0)) for key in HOST_COUNTS}
