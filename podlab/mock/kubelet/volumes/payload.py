"""What is to stand in the files of a volume that is made from objects: ConfigMaps, Secrets, the pod itself, tokens.

Pure but for reading objects through `ObjectSource`. What is missing and not optional raises `VolumeError` in the kubelet's words.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from podlab.mock.kubelet.downward import field_value, resource_value

Obj = dict[str, Any]

DEFAULT_MODE: Final = 0o644


class VolumeError(Exception):
    """A volume cannot be set up; the text stands in its ``FailedMount`` event."""


class ObjectSource(Protocol):
    """Where the kubelet reads the objects that pods refer to."""

    def config_map(self, namespace: str, name: str) -> Obj | None:
        """A ConfigMap, or None."""

    def secret(self, namespace: str, name: str) -> Obj | None:
        """A Secret, or None."""

    def token(self, pod: Obj, audience: str, seconds: int) -> str:
        """A token of the pod's service account."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token of the pod's service account, made when it is first read."""

    audience: str
    seconds: int


@dataclass(frozen=True, slots=True)
class FileContent:
    """One file: what it holds, and its permissions."""

    data: bytes | Token
    mode: int = DEFAULT_MODE


Payload = dict[str, FileContent]
"""By path below the volume's root."""


@dataclass(frozen=True, slots=True)
class PodFacts:
    """What the downward API shows beside the pod: addresses (``hostIPs``, ``podIPs``) and the node's allocatable resources."""

    addresses: Mapping[str, list[str]]
    allocatable: Mapping[str, str] = field(default_factory=dict)


class PayloadBuilder:
    """Makes the payloads of one pod's volumes."""

    def __init__(self, pod: Obj, source: ObjectSource, facts: PodFacts) -> None:
        self._pod = pod
        self._namespace: str = pod["metadata"]["namespace"]
        self._source = source
        self._facts = facts

    def build(self, volume: Obj) -> Payload:
        """The files of a volume of the kinds configMap, secret, downwardAPI or projected. Raises VolumeError."""
        if "configMap" in volume:
            return self._config_map(volume["configMap"], volume["configMap"].get("defaultMode", DEFAULT_MODE))
        if "secret" in volume:
            source = volume["secret"]
            return self._secret({**source, "name": source.get("secretName", "")}, source.get("defaultMode", DEFAULT_MODE))
        if "downwardAPI" in volume:
            return self._downward(volume["downwardAPI"], volume["downwardAPI"].get("defaultMode", DEFAULT_MODE))
        payload: Payload = {}
        mode = volume["projected"].get("defaultMode", DEFAULT_MODE)
        for source in volume["projected"].get("sources") or ():
            payload.update(self._projected(source, mode))
        return payload

    def _projected(self, source: Obj, mode: int) -> Payload:
        if "configMap" in source:
            return self._config_map(source["configMap"], mode)
        if "secret" in source:
            return self._secret(source["secret"], mode)
        if "downwardAPI" in source:
            return self._downward(source["downwardAPI"], mode)
        if "serviceAccountToken" in source:
            wanted = source["serviceAccountToken"]
            seconds = wanted.get("expirationSeconds", 3600)
            return {wanted["path"]: FileContent(Token(wanted.get("audience", ""), seconds), mode)}
        raise VolumeError(f"podlab does not model {next(iter(source), 'empty')} as a source of a projected volume")

    def token(self, token: Token) -> bytes:
        """The text of a token."""
        return self._source.token(self._pod, token.audience, token.seconds).encode()

    def _config_map(self, source: Obj, mode: int) -> Payload:
        name, optional = source.get("name", ""), bool(source.get("optional"))
        found = self._source.config_map(self._namespace, name)
        if found is None:
            if optional:
                return {}
            raise VolumeError(f'configmap "{name}" not found')
        data = {key: text.encode() for key, text in (found.get("data") or {}).items()}
        data |= {key: base64.b64decode(text) for key, text in (found.get("binaryData") or {}).items()}
        return _select(data, source, mode, optional, "configmap references non-existent config key: {}")

    def _secret(self, source: Obj, mode: int) -> Payload:
        name, optional = source.get("name", ""), bool(source.get("optional"))
        found = self._source.secret(self._namespace, name)
        if found is None:
            if optional:
                return {}
            raise VolumeError(f'secret "{name}" not found')
        data = {key: base64.b64decode(text) for key, text in (found.get("data") or {}).items()}
        return _select(data, source, mode, optional, "references non-existent secret key: {}")

    def _downward(self, source: Obj, mode: int) -> Payload:
        payload: Payload = {}
        for item in source.get("items") or ():
            try:
                if "fieldRef" in item:
                    text = field_value(self._pod, item["fieldRef"]["fieldPath"], self._facts.addresses)
                else:
                    text = resource_value(self._pod, item["resourceFieldRef"], "", self._facts.allocatable)
            except ValueError as error:
                raise VolumeError(str(error)) from error
            payload[item["path"]] = FileContent(text.encode(), item.get("mode", mode))
        return payload


def _select(data: dict[str, bytes], source: Obj, mode: int, optional: bool, missing: str) -> Payload:
    """All keys, or those that ``items`` picks, each at its path and with its mode."""
    items = source.get("items")
    if not items:
        return {key: FileContent(data[key], mode) for key in sorted(data)}
    payload: Payload = {}
    for item in items:
        if item["key"] in data:
            payload[item["path"]] = FileContent(data[item["key"]], item.get("mode", mode))
        elif not optional:
            raise VolumeError(missing.format(item["key"]))
    return payload
