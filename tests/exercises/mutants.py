"""Mutants of a manifest: each differs from it in one thing that somebody might get wrong.

What can be changed, and how, stands in tables: `DROPPED` (fields that can be left out), `LISTS` (whose items can be), `CHANGED` (fields and
what they become). Commands lose a statement, get other numbers, or do nothing.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import yaml

Path = tuple[str | int, ...]

DROPPED = frozenset(
    "readinessProbe livenessProbe startupProbe lifecycle resources env ports volumeMounts restartPolicy readOnly labels selector "
    "terminationGracePeriodSeconds shareProcessNamespace command args initContainers volumes data limits requests "
    "initialDelaySeconds failureThreshold periodSeconds timeoutSeconds".split()
)
LISTS = frozenset("containers initContainers volumeMounts volumes ports env".split())
SECONDS = frozenset("initialDelaySeconds periodSeconds failureThreshold terminationGracePeriodSeconds".split())


def _other(value: Any) -> Any:
    return value + 1 if isinstance(value, int) else f"{value}-x"


CHANGED: dict[str, Callable[[Any], Any]] = {
    "image": lambda value: "no-such-image:1",
    "readOnly": lambda value: not value,
    "shareProcessNamespace": lambda value: not value,
    "restartPolicy": lambda value: "Never" if value != "Never" else "Always",
    "memory": lambda value: "1Gi",
    "cpu": lambda value: "64",
    **dict.fromkeys(("port", "containerPort", "targetPort", "mountPath", "name", "key", "path", "value", "subPath"), _other),
    **dict.fromkeys(SECONDS, lambda value: value * 60 + 1),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A manifest that differs from a right one in one thing.

    Attributes:
        change: What was done to it, where.
        text: The manifest.
    """

    change: str
    text: str


def mutants(text: str) -> list[Mutant]:
    """All mutants of a manifest, without those that say the same."""
    documents = [document for document in yaml.safe_load_all(text) if document]
    found: dict[str, Mutant] = {}
    original = yaml.safe_dump_all(documents)
    for change, changed in _changes(documents):
        dumped = yaml.safe_dump_all(changed)
        if dumped != original:
            found.setdefault(dumped, Mutant(change, dumped))
    return list(found.values())


def _changes(documents: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    for place, document in enumerate(documents):
        title = f"{document['kind']} {document['metadata']['name']}"
        if len(documents) > 1:
            yield f"{title}: left out", [*documents[:place], *documents[place + 1 :]]
        for path, node in _walk(document):
            for what, new in _of_node(path, node):
                changed = deepcopy(documents)
                _put(changed[place], path, new)
                yield f"{title} {_told(document, path)}: {what}", changed


def _walk(node: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, item in items:
        yield from _walk(item, (*path, key))


def _of_node(path: Path, node: Any) -> Iterator[tuple[str, Any]]:
    """What a node may become, with words for it."""
    name = path[-1] if path else ""
    if isinstance(node, dict):
        for key in node:
            if key in DROPPED:
                yield f"without {key}", {k: v for k, v in node.items() if k != key}
        if name in ("labels", "matchLabels", "selector", "data"):
            yield from ((f"another {key}", {**node, key: f"{value}x"}) for key, value in node.items() if isinstance(value, str))
    elif name in ("command", "args"):
        yield from _of_command(node)
    elif isinstance(node, list) and name in LISTS:
        yield from ((f"without {_title(item, i)}", node[:i] + node[i + 1 :]) for i, item in enumerate(node))
        if name == "containers":
            yield from ((f"names of {i} and {i + 1} swapped", _swapped(node, i)) for i in range(len(node) - 1))
    elif name in CHANGED:
        yield f"{str(node)[:30]} -> {str(CHANGED[str(name)](node))[:30]}", CHANGED[str(name)](node)


def _of_command(words: list[str]) -> Iterator[tuple[str, list[str]]]:
    yield "does nothing", ["sleep", "36000"]
    for place, word in enumerate(words):
        for what, text in _of_script(str(word)):
            yield what, [*words[:place], text, *words[place + 1 :]]


def _of_script(text: str) -> Iterator[tuple[str, str]]:
    """A script without one of its statements, or with another number."""
    statements = re.split(r"(;\s|\n)", text)
    if len(statements) > 1:
        for place in range(0, len(statements), 2):
            if statements[place].strip() not in ("", "done", "fi", "esac", "else", "SCRIPT"):
                yield f"without `{statements[place].strip()[:40]}`", "".join([*statements[:place], ":", *statements[place + 1 :]])
    for number in re.finditer(r"(?<![\w.-])\d+(?![\w.])", text):
        changed = text[: number.start()] + str(int(number[0]) + 37) + text[number.end() :]
        yield f"{number[0]} -> {int(number[0]) + 37} after `{text[max(0, number.start() - 16) : number.start()].strip()}`", changed


def _swapped(containers: list[Any], place: int) -> list[Any]:
    new = deepcopy(containers)
    new[place]["name"], new[place + 1]["name"] = new[place + 1]["name"], new[place]["name"]
    return new


def _put(document: Any, path: Path, new: Any) -> None:
    if not path:
        document.clear()
        document.update(new)
        return
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = new


def _title(item: Any, place: int) -> str:
    return str(item.get("name") or item.get("mountPath") or place) if isinstance(item, dict) else str(place)


def _told(document: Any, path: Path) -> str:
    words = []
    for key in path:
        document = document[key]
        words.append(f"[{_title(document, key)}]" if isinstance(key, int) else f".{key}")
    return "".join(words).lstrip(".") or "itself"
