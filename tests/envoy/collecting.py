"""Finds Envoy's configurations in Kubernetes' objects: what the container's command names, out of the volumes that it mounts."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Obj = dict[str, Any]
IMAGE = "envoyproxy/envoy"
OPTIONS = ("-c", "--config-path")


@dataclass(frozen=True)
class Configuration:
    """What one container's Envoy reads.

    Attributes:
        name: Whose it is.
        path: The configuration's path in the container.
        files: All files of its volumes by their paths, the configuration among them.
        folders: Where the volumes are mounted.
    """

    name: str
    path: str
    files: dict[str, bytes]
    folders: tuple[str, ...]

    def text(self, folder: str) -> str:
        """The configuration, with the volumes moved into another folder."""
        text = self.files[self.path].decode()
        for mount in self.folders:
            text = text.replace(f"{mount}/", f"{folder}{mount}/")
        return text

    def write(self, folder: Path) -> Path:
        """Writes all files into a folder; returns the configuration's path there."""
        for path, content in self.files.items():
            target = folder / path.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        found = folder / self.path.lstrip("/")
        found.write_text(self.text(str(folder)))
        return found


def documents(text: str) -> list[Obj]:
    """The objects of a manifest, none when it is not YAML (an exercise's wrong answers need not be)."""
    try:
        found = list(yaml.safe_load_all(text))
    except yaml.YAMLError:
        return []
    flat = [item for one in found if isinstance(one, dict) for item in one.get("items") or [one]]
    return [one for one in flat if isinstance(one, dict)]


def configurations(objects: list[Obj]) -> Iterator[Configuration]:
    """The configurations of all containers that run Envoy."""
    held = {(one.get("kind"), (one.get("metadata") or {}).get("name")): _data(one) for one in objects}
    for one in objects:
        spec = _pod_spec(one)
        volumes = {volume["name"]: _volume(volume, held) for volume in spec.get("volumes") or []}
        for container in [*(spec.get("containers") or []), *(spec.get("initContainers") or [])]:
            words = [str(word) for word in [*(container.get("command") or []), *(container.get("args") or [])]]
            path = next((words[n + 1] for n, word in enumerate(words[:-1]) if word in OPTIONS), None)
            if not str(container.get("image", "")).startswith(IMAGE) or path is None:
                continue
            mounts = [mount for mount in container.get("volumeMounts") or [] if volumes.get(mount.get("name"))]
            files = {f"{mount['mountPath']}/{key}": text for mount in mounts for key, text in volumes[mount["name"]].items()}
            if path in files:
                name = f"{(one.get('metadata') or {}).get('name')}/{container.get('name')}"
                yield Configuration(name, path, files, tuple(mount["mountPath"] for mount in mounts))


def _pod_spec(one: Obj) -> Obj:
    spec: Obj = one.get("spec") or {}
    if one.get("kind") == "Pod":
        return spec
    return ((spec.get("template") or {}).get("spec") if isinstance(spec, dict) else None) or {}


def _data(one: Obj) -> dict[str, bytes]:
    plain = {**(one.get("data") or {}), **(one.get("stringData") or {})}
    if one.get("kind") == "Secret":
        coded = {key: base64.b64decode(text) for key, text in (one.get("data") or {}).items()}
        return coded | {key: str(text).encode() for key, text in (one.get("stringData") or {}).items()}
    return {key: str(text).encode() for key, text in plain.items()} if one.get("kind") == "ConfigMap" else {}


def _volume(volume: Obj, held: dict[tuple[Any, Any], dict[str, bytes]]) -> dict[str, bytes]:
    """The files of a volume that is a ConfigMap or a Secret, or several projected into one."""
    found: dict[str, bytes] = {}
    for source in [volume, *((volume.get("projected") or {}).get("sources") or [])]:
        for field, kind, name in (("configMap", "ConfigMap", "name"), ("secret", "Secret", "secretName")):
            if field in source:
                data = held.get((kind, source[field].get(name) or source[field].get("name")), {})
                items = {item["key"]: item["path"] for item in source[field].get("items") or []} or {key: key for key in data}
                found |= {path: data[key] for key, path in items.items() if key in data}
    return found


def dumped(text: str) -> list[Obj]:
    """The objects of `kubectl get -o json`."""
    items: list[Obj] = json.loads(text)["items"]
    return items
