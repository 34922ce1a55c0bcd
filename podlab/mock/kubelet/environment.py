"""A container's environment: ``envFrom``, ``env`` and the variables of services, in the kubelet's order of precedence."""

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from podlab.mock.kubelet.downward import field_value, resource_value
from podlab.mock.kubelet.expansion import expand
from podlab.mock.kubelet.volumes.payload import ObjectSource, PodFacts

Obj = dict[str, Any]
Environment = dict[str, str]

MASTER_NAMESPACE: Final = "default"
MASTER_SERVICES: Final = ("kubernetes",)
_PRINTABLE: Final = re.compile(r"[ -<>-~]+")


class ConfigError(Exception):
    """A container cannot be configured (``CreateContainerConfigError``); the text is the kubelet's."""


class EnvironmentBuilder:
    """Makes the environments of a pod's containers.

    Args:
        services: All services of the cluster.
    """

    def __init__(self, pod: Obj, source: ObjectSource, facts: PodFacts, services: Iterable[Obj]) -> None:
        self._pod = pod
        self._namespace: str = pod["metadata"]["namespace"]
        self._source = source
        self._facts = facts
        self._services = services

    def build(self, container: Obj) -> Environment:
        """The environment of a container, without what the image and the runtime add. Raises ConfigError."""
        links = service_environment(self._services, self._namespace, self._pod["spec"].get("enableServiceLinks", True))
        found: Environment = {}
        for source in container.get("envFrom") or ():
            found.update(self._from(source))
        for variable in container.get("env") or ():
            value = self._value(variable, container, {**links, **found})
            if value is not None:
                found.pop(variable["name"], None)
                found[variable["name"]] = value
        return found | {name: value for name, value in links.items() if name not in found}

    def _from(self, source: Obj) -> Environment:
        prefix = source.get("prefix", "")
        if "configMapRef" in source:
            ref = source["configMapRef"]
            data = self._data(self._source.config_map, "configmap", ref)
            return {prefix + name: str(data[name]) for name in sorted(data) if _PRINTABLE.fullmatch(prefix + name)}
        if "secretRef" in source:
            data = self._data(self._source.secret, "secret", source["secretRef"])
            return {prefix + name: _decoded(data[name]) for name in sorted(data) if _PRINTABLE.fullmatch(prefix + name)}
        return {}

    def _data(self, read: Any, kind: str, ref: Obj) -> Mapping[str, str]:
        found = read(self._namespace, ref.get("name", ""))
        if found is None:
            if ref.get("optional"):
                return {}
            raise ConfigError(f'{kind} "{ref.get("name", "")}" not found')
        data: Mapping[str, str] = found.get("data") or {}
        return data

    def _value(self, variable: Obj, container: Obj, known: Environment) -> str | None:
        """The value of one variable, or None when it comes from something optional that is missing."""
        source = variable.get("valueFrom")
        if source is None:
            return expand(variable.get("value", ""), known)
        try:
            if "fieldRef" in source:
                return field_value(self._pod, source["fieldRef"]["fieldPath"], self._facts.addresses)
            if "resourceFieldRef" in source:
                return resource_value(self._pod, source["resourceFieldRef"], container["name"], self._facts.allocatable)
        except ValueError as error:
            raise ConfigError(str(error)) from error
        if "configMapKeyRef" in source:
            return self._key(source["configMapKeyRef"], self._source.config_map, "configmap", "ConfigMap")
        if "secretKeyRef" in source:
            value = self._key(source["secretKeyRef"], self._source.secret, "secret", "Secret")
            return None if value is None else _decoded(value)
        raise ConfigError(f"podlab does not model {next(iter(source), 'an empty source')} in env[].valueFrom")

    def _key(self, ref: Obj, read: Any, kind: str, title: str) -> str | None:
        data = self._data(read, kind, ref)
        if ref["key"] in data:
            return data[ref["key"]]
        if ref.get("optional"):
            return None
        raise ConfigError(f"couldn't find key {ref['key']} in {title} {self._namespace}/{ref.get('name', '')}")


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode(errors="surrogateescape")


def service_environment(services: Iterable[Obj], namespace: str, links: bool) -> Environment:
    """The variables of services with a cluster IP: the namespace's (if ``links``), and always those of ``kubernetes``."""
    chosen: dict[str, Obj] = {}
    for service in services:
        meta = service["metadata"]
        if service["spec"].get("clusterIP", "None") in ("", "None"):
            continue
        master = meta["namespace"] == MASTER_NAMESPACE and meta["name"] in MASTER_SERVICES
        if links and meta["namespace"] == namespace:
            chosen[meta["name"]] = service
        elif master:
            chosen.setdefault(meta["name"], service)
    environment: Environment = {}
    for name in sorted(chosen):
        environment.update(_service_variables(name, chosen[name]["spec"]))
    return environment


def _service_variables(service: str, spec: Obj) -> Environment:
    name = service.upper().replace("-", "_")
    host, ports = spec["clusterIP"], spec.get("ports") or []
    if not ports:
        return {}
    found = {f"{name}_SERVICE_HOST": host, f"{name}_SERVICE_PORT": str(ports[0]["port"])}
    for port in ports:
        if port.get("name"):
            found[f"{name}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
    for index, port in enumerate(ports):
        protocol = port.get("protocol", "TCP")
        url = f"{protocol.lower()}://{host}:{port['port']}"
        if index == 0:
            found[f"{name}_PORT"] = url
        prefix = f"{name}_PORT_{port['port']}_{protocol}"
        found[prefix] = url
        found[f"{prefix}_PROTO"] = protocol.lower()
        found[f"{prefix}_PORT"] = str(port["port"])
        found[f"{prefix}_ADDR"] = host
    return found
