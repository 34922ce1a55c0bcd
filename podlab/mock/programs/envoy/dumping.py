"""/config_dump: the configuration as Envoy has read it, whole or by resource, mask and name."""

from collections.abc import Callable
from typing import Any, Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.envoy.schema import Message, Obj, messages, messages_of

TYPES: Final = "type.googleapis.com/"
_ADMIN: Final = f"{TYPES}envoy.admin.v3."
_STATIC: Final = {
    "static_clusters": ("ClustersConfigDump", "StaticCluster", "cluster", "Cluster"),
    "static_listeners": ("ListenersConfigDump", "StaticListener", "listener", "Listener"),
    "static_route_configs": ("RoutesConfigDump", "StaticRouteConfig", "route_config", "RouteConfiguration"),
}
"""Resources: the kind of dump that they stand in, what each of them is there, and the field and the message that it holds."""
_EMPTY: Final = frozenset(
    [
        "dynamic_active_clusters",
        "dynamic_warming_clusters",
        "dynamic_listeners",
        "dynamic_route_configs",
        "inline_scoped_route_configs",
        "dynamic_scoped_route_configs",
        "static_secrets",
        "dynamic_active_secrets",
        "dynamic_warming_secrets",
    ]
)
"""What only a control plane brings."""
_ORDER: Final = (
    *("BootstrapConfigDump", "ClustersConfigDump", "ListenersConfigDump", "ScopedRoutesConfigDump", "RoutesConfigDump"),
    "SecretsConfigDump",
)


class DumpError(Exception):
    """What was asked for cannot be shown: the status, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class Dump:
    """The dump of one configuration. `time` is when it was read, `node` what Envoy adds of its own."""

    def __init__(self, config: Obj, time: str, node: Obj) -> None:
        shown = render(config, messages()["Bootstrap"])
        bootstrap = {"node": {**shown.pop("node", {}), **node}, **shown}
        resources = config.get("static_resources", {})
        found = {
            "static_clusters": resources.get("clusters", []),
            "static_listeners": [
                {**one, "name": one.get("name") or f"listener-{number}"}
                for number, one in enumerate(resources.get("listeners", []))
            ],
            "static_route_configs": list(messages_of(resources.get("listeners", []), "route_config")),
        }
        self._resources: dict[str, list[Obj]] = {
            name: [
                {_STATIC[name][2]: {"@type": TYPES + kind.name, **render(one, kind)}, "last_updated": time} for one in found[name]
            ]
            for name in _STATIC
            for kind in [messages()[_STATIC[name][3]]]
        }
        self._configs: dict[str, Obj] = {
            **{kind: {"@type": _ADMIN + kind} for kind in _ORDER},
            "BootstrapConfigDump": {"@type": f"{_ADMIN}BootstrapConfigDump", "bootstrap": bootstrap, "last_updated": time},
        }

    def show(self, query: dict[str, str], named: Callable[[str], bool]) -> Obj:
        """What a request asks for; of resources those whose names are `named`. Raises DumpError."""
        resource, mask = query.get("resource", ""), query.get("mask", "")
        if resource:
            return self._resource(resource, mask, named)
        configs = [self._config(kind, named) for kind in _ORDER]
        if mask:
            paths = [path.split(".") for path in mask.split(",")]
            configs = [_masked(one, paths) for one in configs if all(path[0] in one and _leads(one, path) for path in paths)]
            if not configs:
                raise DumpError(400, f"FieldMask {mask} could not be successfully applied to any configs.")
        return {"configs": configs}

    def _config(self, kind: str, named: Callable[[str], bool]) -> Obj:
        config = dict(self._configs[kind])
        for resource, (dump, _, key, _) in _STATIC.items():
            shown = [one for one in self._resources[resource] if named(one[key].get("name", ""))]
            if dump == kind and shown:
                config[resource] = shown
        return config

    def _resource(self, resource: str, mask: str, named: Callable[[str], bool]) -> Obj:
        if resource == "bootstrap":
            raise DumpError(400, "bootstrap is not a repeated field. Use ?mask=bootstrap to get only this field")
        if resource not in _STATIC and resource not in _EMPTY:
            raise DumpError(404, f"{resource} not found in config dump")
        if resource in _EMPTY:
            return {}
        dump, element, key, kind = _STATIC[resource]
        shown = [one for one in self._resources[resource] if named(one[key].get("name", ""))]
        if mask:
            paths = [path.split(".") for path in mask.split(",")]
            for path in paths:
                if path != ["last_updated"] and (path[0] != key or not _exists(path[1:], messages()[kind])):
                    words = "".join(f'paths: "{one}"\n' for one in mask.split(","))
                    raise DumpError(400, f"FieldMask {words} could not be successfully used.")
            shown = [_masked(one, paths) for one in shown]
        found = [{"@type": f"{_ADMIN}{dump}.{element}", **one} for one in shown]
        return {"configs": found} if found else {}


def render(value: Obj, message: Message) -> Obj:
    """A message that was read, as Envoy shows it: its fields in the order of their numbers, times and large numbers as text."""
    return {
        name: _shown(value[name], field.type)
        for name, field in message.fields.items()
        if name in value and not ("plain" in field.constraints and _is_default(value[name], field.type))
    }


def _is_default(value: Any, kind: str) -> bool:
    return value == kind[5:-1].split("|")[0] if kind.startswith("enum(") else not value


def _shown(value: Any, kind: str) -> Any:
    if kind[0] == "[":
        return [_shown(one, kind[1:-1]) for one in value]
    if kind[0] == "{":
        return {key: _shown(one, kind[1:-1]) for key, one in sorted(value.items())}
    if kind == "duration":
        return duration(value)
    if kind in ("uint64", "int64"):
        return str(value)
    if kind == "any":
        name = value["@type"]
        return {"@type": TYPES + name, **render(value, messages()[name])} if name else {}
    if kind in messages():
        return render(value, messages()[kind])
    return int(value) if kind == "double" and value == int(value) else value


def duration(ns: int) -> str:
    """A time as protobuf writes it: with no digits of the fraction, or with three, six or nine."""
    seconds, rest = divmod(ns, SECOND)
    digits = f"{rest:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{seconds}.{digits}s" if digits else f"{seconds}s"


def _exists(path: list[str], message: Message) -> bool:
    """Whether a path names a field, and goes through no lists."""
    if not path:
        return True
    field = message.fields.get(path[0])
    if field is None:
        return path[0] in message.unmodelled and len(path) == 1
    return len(path) == 1 or (field.type in messages() and _exists(path[1:], messages()[field.type]))


def _leads(value: Any, path: list[str]) -> bool:
    """Whether a path goes through no lists."""
    for step in path[:-1]:
        value = value.get(step, {})
        if not isinstance(value, dict):
            return False
    return True


def _masked(value: Obj, paths: list[list[str]]) -> Obj:
    """What the paths name, and the types of what stands around it."""
    found: Obj = {}
    for key, item in value.items():
        below = [path[1:] for path in paths if path[0] == key]
        if key == "@type" or [] in below:
            found[key] = item
        elif below and isinstance(item, dict):
            found[key] = _masked(item, below)
    return found
