"""ConfigMaps and Secrets."""

import base64
import json
from collections.abc import Callable
from typing import Final

from podlab.mock.api.decoding.text import explain
from podlab.mock.api.errors import Obj
from podlab.mock.api.validation import names
from podlab.mock.api.validation.field import Errors
from podlab.mock.api.validation.meta import validate_object_meta, validate_object_meta_update

_LARGEST: Final = 1024 * 1024
_FROZEN: Final = "field is immutable when `immutable` is set"


def validate_config_map(config_map: Obj, errors: Errors) -> None:
    """A ConfigMap, new or changed."""
    validate_object_meta(config_map["metadata"], True, names.dns_subdomain, errors)
    data, binary = config_map.get("data") or {}, config_map.get("binaryData") or {}
    for key in data:
        errors.each_invalid(f"data[{key}]", key, names.config_key(key))
        if key in binary:
            errors.invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
    for key in binary:
        errors.each_invalid(f"binaryData[{key}]", key, names.config_key(key))
    size = sum(len(value.encode("utf-8", "replace")) for value in data.values()) + _size(binary)
    if size > _LARGEST:
        errors.too_long("[]", _LARGEST)  # how Go writes the path of the whole object


def _size(encoded: dict[str, str]) -> int:
    return sum(len(value) * 3 // 4 - value[-2:].count("=") for value in encoded.values())


def validate_config_map_update(new: Obj, old: Obj, errors: Errors) -> None:
    """An immutable ConfigMap stays as it is."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    _validate_frozen(new, old, ("data", "binaryData"), errors)
    validate_config_map(new, errors)


def _validate_frozen(new: Obj, old: Obj, fields: tuple[str, ...], errors: Errors) -> None:
    if not old.get("immutable"):
        return
    if not new.get("immutable"):
        errors.forbidden("immutable", _FROZEN)
    for field in fields:
        if (new.get(field) or {}) != (old.get(field) or {}):
            errors.forbidden(field, _FROZEN)


def validate_secret(secret: Obj, errors: Errors) -> None:
    """A secret, new or changed: some types need certain keys."""
    validate_object_meta(secret["metadata"], True, names.dns_subdomain, errors)
    data: dict[str, str] = secret.get("data") or {}
    for key in data:
        errors.each_invalid(f"data[{key}]", key, names.config_key(key))
    if _size(data) > _LARGEST:
        errors.too_long("data", _LARGEST)
    kind = secret.get("type", "")
    if kind == "kubernetes.io/service-account-token":
        account = "kubernetes.io/service-account.name"
        if not (secret["metadata"].get("annotations") or {}).get(account):
            errors.required(f"metadata.annotations[{account}]")
    elif kind in _JSON_KEYS:
        _validate_json_key(data, _JSON_KEYS[kind], errors)
    elif kind in _NEEDED:
        for key in _NEEDED[kind](data):
            errors.required(f"data[{key}]")


_NEEDED: Final[dict[str, Callable[[dict[str, str]], list[str]]]] = {
    "kubernetes.io/basic-auth": lambda data: [] if {"username", "password"} & data.keys() else ["username", "password"],
    "kubernetes.io/ssh-auth": lambda data: [] if data.get("ssh-privatekey") else ["ssh-privatekey"],
    "kubernetes.io/tls": lambda data: [key for key in ("tls.crt", "tls.key") if key not in data],
}
"""Which keys a secret of that type still needs."""
_JSON_KEYS: Final = {"kubernetes.io/dockercfg": ".dockercfg", "kubernetes.io/dockerconfigjson": ".dockerconfigjson"}


def _validate_json_key(data: dict[str, str], key: str, errors: Errors) -> None:
    if key not in data:
        errors.required(f"data[{key}]")
        return
    text = base64.b64decode(data[key]).decode("utf-8", errors="replace")
    try:
        value = json.loads(text)
    except ValueError:
        errors.invalid(f"data[{key}]", "<secret contents redacted>", explain(text))
        return
    if value is not None and not isinstance(value, dict):
        kinds = {str: "string", bool: "bool", list: "array"}
        why = f"json: cannot unmarshal {kinds.get(type(value), 'number')} into Go value of type map[string]interface {{}}"
        errors.invalid(f"data[{key}]", "<secret contents redacted>", why)


def validate_secret_update(new: Obj, old: Obj, errors: Errors) -> None:
    """The type of a secret stays, and an immutable one altogether."""
    validate_object_meta_update(new["metadata"], old["metadata"], errors)
    errors.immutable("type", new.get("type", ""), old.get("type", ""))
    _validate_frozen(new, old, ("data",), errors)
    validate_secret(new, errors)
