"""The part of kubectl's JSONPath that conditions and look-ups need: `{.status.conditions[?(@.type=="Ready")].status}`.

Fields, `['quoted fields']`, indices (negative ones too), `[*]`, and filters that compare a field with a text or number.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from podlab.errors import PodlabError

Step = Callable[[Any], Iterator[Any]]

_TOKEN = re.compile(
    r"""
    \.(?P<field>(?:\\.|[^.\[\]{}\s])+)
  | \[(?P<star>\*)\]
  | \[(?P<index>-?\d+)\]
  | \[(?P<quote>['"])(?P<quoted>.*?)(?P=quote)\]
  | \[\?\(\s*@(?P<path>[.\w\[\]]+)\s*(?:(?P<operator>==|!=|>=|<=|>|<)\s*(?P<value>"[^"]*"|'[^']*'|-?[\d.]+|true|false)\s*)?\)\]
    """,
    re.VERBOSE,
)

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
}


def find(path: str, obj: Any) -> list[Any]:
    """All values that a path means in `obj`; none where it leads nowhere.

        >>> find("{.status.phase}", {"status": {"phase": "Running"}})
        ['Running']

    Raises:
        PodlabError: the path has a form that is not supported.
    """
    values = [obj]
    for step in _steps(path):
        values = [result for value in values for result in step(value)]
    return values


def _steps(path: str) -> Iterator[Step]:
    inner = path.strip().removeprefix("{").removesuffix("}").removeprefix("$")
    if inner and inner[0] not in ".[":
        inner = "." + inner
    position = 0
    while position < len(inner):
        match = _TOKEN.match(inner, position)
        if not match:
            raise PodlabError(
                f"podlab does not understand the JSONPath {path!r} from {inner[position:]!r} on.",
                'fields, [index], [*] and [?(@.field=="text")] are understood.',
            )
        yield _step(match)
        position = match.end()


def _step(match: re.Match[str]) -> Step:
    if match["field"] is not None:
        name = re.sub(r"\\(.)", r"\1", match["field"])
        return _every if name == "*" else lambda value: _field(value, name)
    if match["star"]:
        return _every
    if match["index"]:
        index = int(match["index"])
        return lambda value: iter(value[index:][:1] if isinstance(value, list) and -len(value) <= index else ())
    if match["quote"]:
        quoted = match["quoted"]
        return lambda value: _field(value, quoted)
    return _filter(match["path"], match["operator"], match["value"])


def _filter(path: str, operator: str | None, literal: str | None) -> Step:
    wanted = _literal(literal) if literal else None

    def keep(value: Any) -> Iterator[Any]:
        for item in value if isinstance(value, list) else ():
            found = find(path, item)
            if found and (operator is None or _holds(operator, found[0], wanted)):
                yield item

    return keep


def _holds(operator: str, left: Any, right: Any) -> bool:
    try:
        return _COMPARE[operator](left, right)
    except TypeError:
        return False


def _field(value: Any, name: str) -> Iterator[Any]:
    if isinstance(value, dict) and name in value:
        yield value[name]


def _every(value: Any) -> Iterator[Any]:
    yield from value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def _literal(text: str) -> Any:
    if text[0] in "\"'":
        return text[1:-1]
    if text in ("true", "false"):
        return text == "true"
    return float(text) if "." in text else int(text)
