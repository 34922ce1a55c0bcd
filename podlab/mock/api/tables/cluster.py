"""Nodes, namespaces, configuration, service accounts, leases and events."""

from typing import Any, Final

from podlab.mock.api.tables.printer import (
    AGE,
    CREATED_AT,
    NAME,
    NONE,
    UNKNOWN,
    Clock,
    Printer,
    age,
    column,
    name_and_age,
    section,
)  # fmt: skip

Obj = dict[str, Any]

_ROLE_PREFIX: Final = "node-role.kubernetes.io/"


def _roles(obj: Obj) -> str:
    labels = obj["metadata"].get("labels") or {}
    roles = {key.removeprefix(_ROLE_PREFIX) for key in labels if key.startswith(_ROLE_PREFIX) and key != _ROLE_PREFIX}
    if labels.get("kubernetes.io/role"):
        roles.add(labels["kubernetes.io/role"])
    return ",".join(sorted(roles)) or NONE


def _node(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    ready = next((one["status"] for one in status.get("conditions") or () if one["type"] == "Ready"), None)
    states = ["Unknown" if ready is None else "Ready" if ready == "True" else "NotReady"]
    if spec.get("unschedulable"):
        states.append("SchedulingDisabled")
    addresses = {one["type"]: one["address"] for one in reversed(status.get("addresses") or ())}
    info = section(status, "nodeInfo")
    return [
        obj["metadata"]["name"],
        ",".join(states),
        _roles(obj),
        age(obj, clock),
        info.get("kubeletVersion", ""),
        addresses.get("InternalIP", NONE),
        addresses.get("ExternalIP", NONE),
        info.get("osImage") or UNKNOWN,
        info.get("kernelVersion") or UNKNOWN,
        info.get("containerRuntimeVersion") or UNKNOWN,
    ]


def _namespace(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], section(obj, "status").get("phase", ""), age(obj, clock)]


def _config_map(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], len(obj.get("data") or ()) + len(obj.get("binaryData") or ()), age(obj, clock)]


def _secret(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], obj.get("type", ""), len(obj.get("data") or ()), age(obj, clock)]


def _lease(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], section(obj, "spec").get("holderIdentity", ""), age(obj, clock)]


def _event_source(obj: Obj) -> str:
    source = section(obj, "source")
    component, host = source.get("component"), source.get("host")
    if not component and not host:
        component, host = obj.get("reportingComponent", ""), obj.get("reportingInstance", "")
    return f"{component}, {host}" if host else str(component or "")


def _event(obj: Obj, clock: Clock) -> list[Any]:
    """A row of a stored (``v1``) event, whichever of the two groups is asked."""
    first, last, event = obj.get("firstTimestamp"), obj.get("lastTimestamp"), obj.get("eventTime")
    first_seen = clock.since(first if first is not None else event)
    last_seen = first_seen if last is None else clock.since(last)
    count = obj.get("count") or 1
    if obj.get("series"):
        last_seen, count = clock.since(obj["series"].get("lastObservedTime")), obj["series"].get("count", 0)
    involved = section(obj, "involvedObject")
    target = involved.get("kind", "").lower()
    return [
        last_seen,
        obj.get("type", ""),
        obj.get("reason", ""),
        f"{target}/{involved['name']}" if involved.get("name") else target,
        involved.get("fieldPath", ""),
        _event_source(obj),
        obj.get("message", "").strip(),
        first_seen,
        count,
        obj["metadata"]["name"],
    ]


def _created_at(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp")]


PRINTERS = {
    "nodes": Printer(
        (NAME, column("Status"), column("Roles"), AGE, column("Version"), column("Internal-IP", wide=True),
         column("External-IP", wide=True), column("OS-Image", wide=True), column("Kernel-Version", wide=True),
         column("Container-Runtime", wide=True)),
        _node,
    ),
    "namespaces": Printer((NAME, column("Status"), AGE), _namespace),
    "configmaps": Printer((NAME, column("Data"), AGE), _config_map),
    "secrets": Printer((NAME, column("Type"), column("Data"), AGE), _secret),
    "serviceaccounts": Printer((NAME, AGE), name_and_age),
    "leases.coordination.k8s.io": Printer((NAME, column("Holder"), AGE), _lease),
    "limitranges": Printer((NAME, CREATED_AT), _created_at),
    "events": Printer(
        (column("Last Seen"), column("Type"), column("Reason"), column("Object"), column("Subobject", wide=True),
         column("Source", wide=True), column("Message"), column("First Seen", wide=True), column("Count", wide=True),
         column("Name", "name", wide=True)),
        _event,
    ),
}  # fmt: skip
