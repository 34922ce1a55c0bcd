"""Reads a configuration strictly by the table of messages (`messages.txt`), and refuses the rest in Envoy's words.

What comes out is plain: dictionaries with snake_case names that hold only what was written, durations in nanoseconds, enumerators
as their names. An `any` is the dictionary of its message, with `@type` as the message's full name.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, NoReturn

from podlab.mock.programs.envoy.constraints import STATUSES, broken_bound

Obj = dict[str, Any]

MAX_VALUES: Final = 100_000
_NUMBER: Final = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?")
_DURATION: Final = re.compile(r"(-?)(\d{1,12})(?:\.(\d{1,9}))?s")
_LIMITS: Final = {"uint32": (0, (1 << 32) - 1), "uint64": (0, (1 << 64) - 1), "int64": (-1 << 63, (1 << 63) - 1)}
_ANYWHERE: Final = ("envoy.extensions.", "envoy.config.route.v3.FilterConfig")
_TYPE_URL: Final = "type.googleapis.com/"


class ConfigError(ValueError):
    """A configuration that is refused; its text is what Envoy prints after `error initializing configuration`."""


@dataclass(slots=True)
class Field:
    """A field: its type as in the table, and its constraints (`required`, `min`, `max`, `oneof`, `oneof!`)."""

    name: str
    type: str
    constraints: dict[str, str]


@dataclass(slots=True)
class Message:
    """A message: its full name, its fields, and the names of those that Envoy has and podlab does not model."""

    name: str
    fields: dict[str, Field] = field(default_factory=dict)
    unmodelled: set[str] = field(default_factory=set)

    @property
    def short(self) -> str:
        """The name without its package."""
        return self.name.rpartition(".")[2]


@cache
def messages() -> dict[str, Message]:
    """All messages, by their full and by their short names."""
    found: dict[str, Message] = {}
    message = Message("")
    for line in (files(__package__) / "messages.txt").read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if not line.startswith(" "):
            message = found[words[0]] = Message(words[0])
            found[words[2] if words[1:] else message.short] = message
        elif words[0] == "-":
            message.unmodelled.update(words[1:])
        else:
            constraints = dict(word.partition("=")[::2] for word in words[2:])
            message.fields[words[0]] = Field(words[0], words[1], constraints)
    return found


def messages_of(value: Any, key: str) -> Iterator[Any]:
    """All values of fields of one name, at any depth of what was read."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name == key:
                yield from item if isinstance(item, list) else [item]
            yield from messages_of(item, key)
    elif isinstance(value, list):
        for item in value:
            yield from messages_of(item, key)


class Reader:
    """Reads one document. `path` in its methods is the field's path so far, as Envoy shows it."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._values = 0

    def read(self, value: Any) -> Obj:
        """The whole document. Raises ConfigError."""
        return self._message(value, messages()[self._root], "", [])

    def _refuse(self, path: str, kind: str, why: str) -> NoReturn:
        where = f" @ {path}: {kind}" if path else ""
        raise ConfigError(f"Unable to parse JSON as proto (INVALID_ARGUMENT: invalid JSON in {self._root}{where}: {why})")

    def _message(self, value: Any, message: Message, path: str, trail: list[str]) -> Obj:
        if not isinstance(value, dict):
            self._refuse(path, f"message {message.name}", "expected '{'")
        found: Obj = {}
        for key, item in value.items():
            name = _snake(str(key))
            declared = message.fields.get(name)
            if declared is None:
                self._unknown(str(key), name, message, path)
            if item is None:
                continue
            where = f"{path}.{name}" if path else name
            self._check_oneof(declared, found, message, where)
            found[name] = self._value(item, declared.type, where, [*trail, f"{message.short}ValidationError.{_pascal(name)}"])
        self._check(found, message, trail)
        return found

    def _unknown(self, key: str, name: str, message: Message, path: str) -> NoReturn:
        if name in message.unmodelled:
            raise ConfigError(f"podlab does not model the field '{f'{path}.' if path else ''}{name}' of {message.name}")
        where = f" @ {path}: message {message.name}" if path else ""
        raise ConfigError(
            f"Protobuf message (type {self._root} reason INVALID_ARGUMENT: invalid JSON in {self._root}{where}: "
            f"no such field: '{key}') has unknown fields"
        )

    def _check_oneof(self, declared: Field, found: Obj, message: Message, path: str) -> None:
        group = declared.constraints.get("oneof") or declared.constraints.get("oneof!")
        for name in found:
            other = message.fields[name].constraints
            if group and group in (other.get("oneof"), other.get("oneof!")):
                self._refuse(
                    path, declared.type, f"'{declared.name}' has already been set (either directly or as part of a oneof)"
                )

    def _check(self, found: Obj, message: Message, trail: list[str]) -> None:
        for declared in message.fields.values():
            head = f"{message.short}ValidationError.{_pascal(declared.name)}"
            constraints = declared.constraints
            if "required" in constraints and declared.name not in found:
                _invalid([*trail, f"{head}: value is required"])
            group = constraints.get("oneof!")
            if group and not any(message.fields[name].constraints.get("oneof!") == group for name in found):
                _invalid([*trail, f'field: "{group}", reason: is required'])
            if declared.name in found or not constraints.keys() & {"oneof", "oneof!"}:
                self._check_bounds(found, declared, [*trail, head])

    def _check_bounds(self, found: Obj, declared: Field, trail: list[str]) -> None:
        why = broken_bound(declared.type, declared.constraints, found.get(declared.name))
        if why:
            _invalid([*trail[:-1], f"{trail[-1]}: {why}"])

    def _value(self, value: Any, kind: str, path: str, trail: list[str]) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            raise ConfigError(f"podlab reads at most {MAX_VALUES} values of a configuration")
        if kind[0] == "[":
            if not isinstance(value, list):  # one value stands for a list of it
                return [self._value(value, kind[1:-1], path, trail)]
            *above, last = trail
            return [self._value(item, kind[1:-1], f"{path}[{n}]", [*above, f"{last}[{n}]"]) for n, item in enumerate(value)]
        if kind[0] == "{":
            if not isinstance(value, dict):
                self._refuse(path, "map", "expected '{'")
            return {str(key): self._value(item, kind[1:-1], f"{path}.{key}", trail) for key, item in value.items()}
        if kind.startswith("enum("):
            return self._enum(value, kind[5:-1].split("|"), path)
        if kind in messages():
            return self._message(value, messages()[kind], path, trail)
        return self._SCALARS[kind](self, value, path, kind)

    def _enum(self, value: Any, names: list[str], path: str) -> str:
        if isinstance(value, str):
            if value in names:
                return value
            if value in _KNOWN_ENUMERATORS:
                raise ConfigError(f"podlab does not model the value '{value}' of the field '{path}'")
        raise ConfigError(
            f"Protobuf message (type {self._root} reason INVALID_ARGUMENT: unknown enum value: '{value}') has unknown fields"
        )

    def _string(self, value: Any, path: str, kind: str) -> str:
        if not isinstance(value, str):
            self._refuse(path, "string", f"unexpected character: '{str(value)[:1]}'; expected '\"'")
        return value

    def _bool(self, value: Any, path: str, kind: str) -> bool:
        if not isinstance(value, bool):
            self._refuse(path, "bool", f"unexpected character: '{str(value)[:1]}'; expected 'true' or 'false'")
        return value

    def _number(self, value: Any, path: str, kind: str) -> int | float:
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value) if value.lstrip("-").isdecimal() else float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self._refuse(path, kind, f"invalid number: '{value}'")
        if kind == "double":
            return float(value)
        least, most = _LIMITS[kind]
        if value != int(value) or not least <= value <= most:
            self._refuse(path, kind, f"invalid number: '{value}'")
        return int(value)

    def _status(self, value: Any, path: str, kind: str) -> int:
        """A status of HTTP, by its number or by the name that Envoy has for it."""
        if isinstance(value, str) and value in STATUSES:
            return STATUSES[value]
        if isinstance(value, str):
            raise ConfigError(
                f"Protobuf message (type {self._root} reason INVALID_ARGUMENT: unknown enum value: '{value}') has unknown fields"
            )
        return int(self._number(value, path, "int64"))

    def _duration(self, value: Any, path: str, kind: str) -> int:
        name = "message google.protobuf.Duration"
        if not isinstance(value, str):
            self._refuse(path, name, f"unexpected character: '{str(value)[:1]}'; expected '\"'")
        found = _DURATION.fullmatch(value)
        if found is None:
            self._refuse(path, name, "duration must end with a single 's'")
        sign, seconds, fraction = found.groups()
        if sign:
            raise ConfigError(f"Invalid duration: Expected positive duration: seconds: -{seconds}")
        return int(seconds) * 1_000_000_000 + int((fraction or "").ljust(9, "0"))

    def _any(self, value: Any, path: str, kind: str) -> Obj:
        if value == {}:
            return {"@type": ""}
        if not isinstance(value, dict) or not isinstance(value.get("@type"), str):
            self._refuse(path, "message google.protobuf.Any", "missing @type in any")
        name = value["@type"].removeprefix(_TYPE_URL)
        message = messages().get(name) if name.startswith(_ANYWHERE) else None
        if message is None:
            raise ConfigError(f"podlab does not model '{value['@type']}', which stands in the field '{path}'")
        rest = {key: item for key, item in value.items() if key != "@type"}
        return {"@type": name, **self._message(rest, message, f"{path}.<any>", [])}

    def _struct(self, value: Any, path: str, kind: str) -> Any:
        """Free of form: any JSON."""
        if not isinstance(value, dict):
            self._refuse(path, "message google.protobuf.Struct", "expected '{'")
        return value

    _SCALARS: Final[dict[str, Any]] = {
        "string": _string, "bool": _bool, "uint32": _number, "uint64": _number, "int64": _number, "double": _number,
        "status": _status, "duration": _duration, "any": _any, "struct": _struct,
    }  # fmt: skip


_KNOWN_ENUMERATORS: Final = frozenset(
    [
        "UDP",
        "EDS",
        "ORIGINAL_DST",
        "RING_HASH",
        "MAGLEV",
        "CLUSTER_PROVIDED",
        "LOAD_BALANCING_POLICY_CONFIG",
        "HTTP2",
        "HTTP3",
        "EXTERNAL_ONLY",
        "HIGH",
        "OTHER_NAME",
        "DEGRADED",
        "DRAINING",
        "TIMEOUT",
    ]
)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def _invalid(trail: list[str]) -> NoReturn:
    chain = [*(f"{step}: embedded message failed validation" for step in trail[:-1]), trail[-1]]
    raise ConfigError(f"Proto constraint validation failed ({' | caused by '.join(chain)})")
