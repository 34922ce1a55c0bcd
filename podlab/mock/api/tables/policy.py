"""Quotas, disruption budgets, priorities, runtime classes, and access control."""

from typing import Any

from podlab.mock.api.tables.printer import AGE, CREATED_AT, NAME, Clock, Printer, age, column, section

Obj = dict[str, Any]


def _quota(obj: Obj, clock: Clock) -> list[Any]:
    status = section(obj, "status")
    hard, used = status.get("hard") or {}, status.get("used") or {}
    texts = [(name, f"{name}: {used.get(name, '0')}/{hard[name]}") for name in sorted(hard)]
    return [
        obj["metadata"]["name"],
        ", ".join(text for name, text in texts if not name.startswith("limits.")),
        ", ".join(text for name, text in texts if name.startswith("limits.")),
        age(obj, clock),
    ]


def _budget(obj: Obj, clock: Clock) -> list[Any]:
    spec, status = section(obj, "spec"), section(obj, "status")
    return [
        obj["metadata"]["name"],
        str(spec.get("minAvailable", "N/A")),
        str(spec.get("maxUnavailable", "N/A")),
        status.get("disruptionsAllowed", 0),
        age(obj, clock),
    ]


def _runtime_class(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], obj.get("handler", ""), age(obj, clock)]


def _priority_class(obj: Obj, clock: Clock) -> list[Any]:
    name = obj["metadata"]["name"]
    return [name, obj.get("value", 0), bool(obj.get("globalDefault")), age(obj, clock), obj.get("preemptionPolicy", "")]


def _created_at(obj: Obj, clock: Clock) -> list[Any]:
    return [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp")]


def _binding(obj: Obj, clock: Clock) -> list[Any]:
    subjects = obj.get("subjects") or ()
    accounts = [f"{one.get('namespace', '')}/{one['name']}" for one in subjects if one["kind"] == "ServiceAccount"]
    return [
        obj["metadata"]["name"],
        f"{obj['roleRef']['kind']}/{obj['roleRef']['name']}",
        age(obj, clock),
        ", ".join(one["name"] for one in subjects if one["kind"] == "User"),
        ", ".join(one["name"] for one in subjects if one["kind"] == "Group"),
        ", ".join(accounts),
    ]


_BINDING = Printer(
    (NAME, column("Role"), AGE, column("Users", wide=True), column("Groups", wide=True), column("ServiceAccounts", wide=True)),
    _binding,
)
_CREATED = Printer((NAME, CREATED_AT), _created_at)

PRINTERS = {
    "resourcequotas": Printer((NAME, column("Request"), column("Limit"), AGE), _quota),
    "poddisruptionbudgets.policy": Printer(
        (NAME, column("Min Available"), column("Max Unavailable"), column("Allowed Disruptions", kind="integer"), AGE), _budget
    ),
    "priorityclasses.scheduling.k8s.io": Printer(
        (NAME, column("Value", kind="integer"), column("Global-Default", kind="boolean"), AGE, column("PreemptionPolicy")),
        _priority_class,
    ),
    "runtimeclasses.node.k8s.io": Printer((NAME, column("Handler"), AGE), _runtime_class),
    "roles.rbac.authorization.k8s.io": _CREATED,
    "clusterroles.rbac.authorization.k8s.io": _CREATED,
    "rolebindings.rbac.authorization.k8s.io": _BINDING,
    "clusterrolebindings.rbac.authorization.k8s.io": _BINDING,
    "customresourcedefinitions.apiextensions.k8s.io": _CREATED,
}
