"""Ingresses and their classes."""

from typing import Any, Final

from podlab.mock.api.tables.printer import AGE, NAME, NONE, Clock, Printer, age, column, section

Obj = dict[str, Any]

_HOSTS_SHOWN: Final = 3
_ADDRESS_WIDTH: Final = 16


def _ingress(obj: Obj, clock: Clock) -> list[Any]:
    spec = section(obj, "spec")
    return [
        obj["metadata"]["name"],
        spec.get("ingressClassName") or NONE,
        _hosts(spec.get("rules") or []),
        _address(obj),
        "80, 443" if spec.get("tls") else "80",
        age(obj, clock),
    ]


def _hosts(rules: list[Obj]) -> str:
    named = [rule["host"] for rule in rules if rule.get("host")]
    text = ",".join(named[:_HOSTS_SHOWN]) or "*"
    return text + (f" + {len(named) - _HOSTS_SHOWN} more..." if len(named) > _HOSTS_SHOWN else "")


def _address(obj: Obj) -> str:
    entries = section(section(obj, "status"), "loadBalancer").get("ingress") or []
    text = ",".join(sorted({entry.get("ip") or entry.get("hostname", "") for entry in entries}))
    return text if len(text) <= _ADDRESS_WIDTH else text[: _ADDRESS_WIDTH - 3] + "..."


def _ingress_class(obj: Obj, clock: Clock) -> list[Any]:
    spec = section(obj, "spec")
    parameters = spec.get("parameters")
    shown = NONE
    if parameters:
        group = f".{parameters['apiGroup']}" if parameters.get("apiGroup") else ""
        shown = f"{parameters['kind']}{group}/{parameters['name']}"
    return [obj["metadata"]["name"], spec.get("controller", ""), shown, age(obj, clock)]


PRINTERS = {
    "ingresses.networking.k8s.io": Printer(
        (NAME, column("Class"), column("Hosts"), column("Address"), column("Ports"), AGE), _ingress
    ),
    "ingressclasses.networking.k8s.io": Printer((NAME, column("Controller"), column("Parameters"), AGE), _ingress_class),
}
