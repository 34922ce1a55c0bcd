"""The format language of access logs and of headers that are added: text with operators like `%REQ(X-ID?Y):8%`."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from podlab.mock.programs.envoy.operators import NOT_MODELLED, OPERATORS, WITH_LENGTH, WITH_PARAMETER
from podlab.mock.programs.envoy.request import Info, Operator, Value
from podlab.mock.programs.envoy.schema import ConfigError

Formatter = Callable[[Info], str]

DEFAULT_FORMAT: Final = (
    '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% '
    "%BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "
    '"%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" "%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%"\n'
)
_OPERATOR: Final = re.compile(r"%([A-Z_0-9]+)(?:\(([^)]*)\))?(?::(\d+))?%|%%")


def _operator(found: re.Match[str]) -> Operator:
    name, argument, length = found[1], found[2] or None, found[3]
    if name in NOT_MODELLED:
        raise ConfigError(f"podlab does not model the operator %{name}%")
    if name in OPERATORS:
        if argument is not None or length is not None:
            raise ConfigError(f"{name} does not take any parameters or length")
        return OPERATORS[name]
    if name not in WITH_PARAMETER:
        raise ConfigError(f"Not supported field in StreamInfo: {name}")
    operator = WITH_PARAMETER[name](argument)
    if length is not None and name not in WITH_LENGTH:
        raise ConfigError(f"{name} does not allow length to be specified.")
    return operator if length is None else _cut(operator, int(length))


def _cut(operator: Operator, length: int) -> Operator:
    def shown(info: Info) -> Value:
        value = operator(info)
        return value if value is None else str(value)[:length]

    return shown


def parse(text: str) -> list[str | Operator]:
    """Takes a format apart. Raises ConfigError."""
    parts: list[str | Operator] = []
    at = 0
    for found in [*_OPERATOR.finditer(text), None]:
        plain = text[at : found.start()] if found else text[at:]
        if "%" in plain:
            raise ConfigError(f"Incorrect configuration: {text}. Couldn't find valid command at position {at + plain.index('%')}")
        if plain:
            parts.append(plain)
        if found:
            at = found.end()
            parts.append("%" if found[0] == "%%" else _operator(found))
    return parts


def compile_format(text: str, empty: str = "-") -> Formatter:
    """Makes a format into a function; what is missing shows as `empty`. Raises ConfigError."""
    parts = parse(text)

    def shown(info: Info) -> str:
        pieces = []
        for part in parts:
            value = part if isinstance(part, str) else part(info)
            pieces.append(empty if value is None or value == "" else str(value))
        return "".join(pieces)

    return shown


def compile_json(fields: dict[str, Any], omit_empty: bool) -> Formatter:
    """Makes a `json_format` into a function. Raises ConfigError."""
    made = _json_value(fields, omit_empty)
    return lambda info: json.dumps(made(info), separators=(",", ":"), ensure_ascii=False) + "\n"


def _json_value(value: Any, omit: bool) -> Callable[[Info], Any]:
    if isinstance(value, dict):
        members = [(key, _json_value(item, omit)) for key, item in sorted(value.items())]
        return lambda info: {key: found for key, make in members if (found := make(info)) is not None or not omit}
    if isinstance(value, list):
        items = [_json_value(item, omit) for item in value]
        return lambda info: [found for make in items if (found := make(info)) is not None or not omit]
    if not isinstance(value, str):
        return lambda info: value
    parts = parse(value)
    if len(parts) == 1 and not isinstance(parts[0], str):
        alone = parts[0]
        return lambda info: None if (found := alone(info)) == "" else found
    return compile_format(value, "" if omit else "-")
