"""Custom resources: the columns are those of the definition, filled by JSON paths."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from podlab.mock.api.tables.printer import NAME, UNKNOWN, Clock, Printer, column, human_duration
from podlab.mock.kernel import SECOND, Time

Obj = dict[str, Any]
Values = list[Any]

_DEFAULT_COLUMNS = ({"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},)
_STEP = re.compile(
    r"""\.(?P<name>[\w-]+(?:\\\.[\w-]+)*)|\['(?P<quoted>(?:[^'\\]|\\.)*)'\]|\[(?P<index>-?\d+)\]|(?P<all>\[\*\]|\.\*)
    |\[\?\(@\.(?P<field>[\w.]+)\s*==\s*(?P<quote>["'])(?P<value>.*?)(?P=quote)\)\]""",
    re.VERBOSE,
)


def printer_of(version: Obj) -> Printer:
    """The printer of one version of a definition."""
    columns = version.get("additionalPrinterColumns") or _DEFAULT_COLUMNS
    definitions = (
        NAME,
        *(
            {
                **column(one["name"], one.get("format", ""), kind=one["type"], description=one.get("description", "")),
                "priority": one.get("priority", 0),
            }
            for one in columns
        ),
    )
    paths = [(one["type"], json_path(one["jsonPath"])) for one in columns]

    def cells(obj: Obj, clock: Clock) -> list[Any]:
        return [obj["metadata"]["name"], *(_cell(kind, path(obj), clock) for kind, path in paths)]

    return Printer(definitions, cells)


@lru_cache(maxsize=256)
def json_path(path: str) -> Callable[[Any], Values]:
    """A function that gives the values at a JSON path (fields, indices, ``[*]``, and filters for equality)."""
    text = path if path.startswith((".", "[")) else f".{path}"
    steps: list[Callable[[Any], Values]] = []
    place = 0
    while place < len(text):
        found = _STEP.match(text, place)
        if found is None:
            return lambda _: []
        steps.append(_step(found))
        place = found.end()

    def evaluate(obj: Any) -> Values:
        values = [obj]
        for step in steps:
            values = [inner for value in values for inner in step(value)]
        return values

    return evaluate


def _step(found: re.Match[str]) -> Callable[[Any], Values]:
    if found["all"]:
        return lambda value: list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if found["index"]:
        index = int(found["index"])
        return lambda value: [value[index]] if isinstance(value, list) and -len(value) <= index < len(value) else []
    if found["field"]:
        inner, wanted = json_path(found["field"]), found["value"]
        return lambda value: [one for one in value if inner(one) == [wanted]] if isinstance(value, list) else []
    name = (found["name"] or found["quoted"]).replace("\\", "")
    return lambda value: [value[name]] if isinstance(value, dict) and name in value else []


def _cell(kind: str, values: Values, clock: Clock) -> Any:
    if not values or values[0] is None:
        return None
    value = values[0]
    match kind:
        case "date":
            return _age_of(value, clock)
        case "integer" | "number" | "boolean":
            return value if isinstance(value, int | float) else None
    if isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(value, separators=(",", ":"), default=lambda time: time.render(clock.epoch_ns))


def _age_of(value: Any, clock: Clock) -> str:
    if isinstance(value, Time):
        return clock.since(value)
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        return "<invalid>"
    if not value:
        return UNKNOWN
    return human_duration(clock.epoch_ns + clock.now_ns - int(moment.timestamp()) * SECOND)
