"""Encoding: objects to JSON or YAML, with the times in them rendered against the epoch of this moment.

The JSON is Go's: compact, in the order of the keys, ``<``, ``>`` and ``&`` escaped, ended by a newline.
"""

import json
from collections.abc import Callable
from typing import Any

import yaml

from podlab.mock.kernel import Time

Obj = dict[str, Any]

_ESCAPES = {"&": "\\u0026", "<": "\\u003c", ">": "\\u003e", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def encode(obj: Any, epoch_ns: int) -> bytes:
    """An object as JSON."""
    return _go_json(json.dumps(obj, default=_renderer(epoch_ns), ensure_ascii=False, separators=(",", ":"))).encode(
        errors="surrogatepass"
    )


def encode_yaml(obj: Any, epoch_ns: int) -> bytes:
    """An object as YAML, keys sorted (as ``sigs.k8s.io/yaml`` writes it)."""
    text: bytes = yaml.dump(
        render(obj, epoch_ns), Dumper=_Dumper, sort_keys=True, default_flow_style=False, allow_unicode=True, encoding="utf-8"
    )
    return text


def render(obj: Any, epoch_ns: int) -> Any:
    """A copy of an object with its times as strings."""
    if isinstance(obj, dict):
        return {key: render(value, epoch_ns) for key, value in obj.items()}
    if isinstance(obj, list):
        return [render(value, epoch_ns) for value in obj]
    return obj.render(epoch_ns) if isinstance(obj, Time) else obj


def _renderer(epoch_ns: int) -> Callable[[Any], str]:
    def default(value: Any) -> str:
        if isinstance(value, Time):
            return value.render(epoch_ns)
        raise TypeError(f"a {type(value).__name__} cannot stand in an object: {value!r}")

    return default


def _go_json(text: str) -> str:
    for character, escape in _ESCAPES.items():
        if character in text:
            text = text.replace(character, escape)
    return text + "\n"


class _Dumper(yaml.SafeDumper):
    """Writes lists without indenting them under their key, and no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
