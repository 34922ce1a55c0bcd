"""Manifests: from what a user hands in (text, path, dict, list) to dicts, read as kubectl reads them.

YAML is read by the rules of the library that kubectl uses (`sigs.k8s.io/yaml`), where they differ from PyYAML's: no sexagesimal
numbers (`22:22` is a string) and no dates, `y` and `n` are booleans, a repeated key is an error. What is hostile rather
than wrong is refused before it costs anything: size, depth and aliases are bounded.

`line_of` finds the line of a field that the server complains about.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from podlab.errors import ManifestError, Obj

MAX_BYTES = 3 * 1024 * 1024  # what the API server takes at most
MAX_DEPTH = 100
MAX_NODES = 200_000
MAX_DIGITS = 70
"""Of an integer: one of 64 bits has as many in base 2, with its prefix."""

Source = str | Path | Mapping[str, Any] | Sequence[Any]


_SURROGATE = re.compile("[\ud800-\udfff]")
_STUCK = re.compile(r"\s*(?:- )?\w+:[^\s/:].*")
"""A line in which a value sticks to its field's colon: to YAML all of it is one word."""
_USUAL = re.compile("[\n -\\>@-~\u00a0-\u2027\u2030-\ud7ff]*")


class _Bounded(yaml.composer.Composer):
    """What is refused while nodes are composed, whoever parses."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Compose a node; deep nesting is refused here, before the composer, which is recursive, fails by it."""
        self._depth += 1
        if self._depth > MAX_DEPTH + 1:  # the plain words on the deepest level are nodes too
            line = self.peek_event().start_mark.line + 1  # type: ignore[attr-defined]
            raise ManifestError(f"The manifest is nested deeper than {MAX_DEPTH} levels (line {line}).")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def compose_scalar_node(self, anchor: Any) -> yaml.ScalarNode:
        """Compose a plain word; an escape for half a letter is an error, as it is to kubectl."""
        node: yaml.ScalarNode = super().compose_scalar_node(anchor)
        if _SURROGATE.search(node.value):
            raise yaml.scanner.ScannerError(None, None, "found invalid Unicode character escape code", node.start_mark)
        return node


class _Loader(_Bounded, yaml.SafeLoader):
    """PyYAML's safe loader with kubectl's rules."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}  # noqa: RUF012 - PyYAML's own protocol

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Construct a mapping whose keys are plain words, none of them twice."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key must be a plain word", key_node.start_mark)
            if key_node.value in seen:
                problem = f'key "{key_node.value}" already set in map'
                raise yaml.constructor.ConstructorError(None, None, problem, key_node.start_mark)
            seen.add(key_node.value)
        return {_json_key(key): value for key, value in super().construct_mapping(node, deep).items()}

    def integer(self, node: yaml.ScalarNode) -> int | float | str:
        """An integer in Go's notations: decimal, `0x`, `0b`, `0o`, and octal by a leading zero.

        What 64 bits cannot hold is a float if it is decimal, else a word.
        """
        text = node.value.replace("_", "")
        sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
        if len(digits) > MAX_DIGITS:
            return self.number(node) if digits.isdigit() else str(node.value)
        old_octal = len(digits) > 1 and digits[0] == "0" and digits.isdigit()
        value = sign * (int(digits, 8) if old_octal else int(digits, 0))
        return value if -(1 << 63) <= value < 1 << 64 else self.number(node) if digits.isdigit() else str(node.value)

    def number(self, node: yaml.ScalarNode) -> int | float | str:
        """A float; one without a fraction becomes an integer, as it does in JSON; one that no float can hold is a word."""
        value = float(node.value.replace("_", ""))
        if math.isinf(value):
            return str(node.value)
        return int(value) if value.is_integer() else value

    def boolean(self, node: yaml.ScalarNode) -> bool:
        """A boolean in any of YAML 1.1's words."""
        return node.value.lower() in ("y", "yes", "true", "on")


def _json_key(key: Any) -> str:
    """A key as JSON has it: `8080: http` is `"8080": "http"`."""
    return json.dumps(key) if isinstance(key, bool | None) else str(key)


def _plain(tag: str, pattern: str, first: str, construct: Callable[[_Loader, Any], Any] | None = None) -> None:
    """Say which unquoted words, by their first letters and a pattern, have a tag, and what is made of them."""
    name = f"tag:yaml.org,2002:{tag}"
    _Loader.add_implicit_resolver(name, re.compile(f"^(?:{pattern})$"), [*first] or [""])
    if construct:
        _Loader.add_constructor(name, construct)


_plain("bool", "(?i:true|false|yes|no|on|off|y|n)", "yYnNtTfFoO", _Loader.boolean)
_plain("int", "[-+]?(?:0|[1-9][0-9_]*|0[0-7_]+|0o[0-7_]+|0x[0-9a-fA-F_]+|0b[01_]+)", "-+0123456789", _Loader.integer)
_plain("float", r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", "-+.0123456789", _Loader.number)
_plain("null", "~|null|Null|NULL", "~nN")
_plain("null", "", "")
_plain("merge", "<<", "<")


def _quick() -> Any:
    """The same over libyaml's parser, several times as fast; None where PyYAML was built without it."""
    parser: Any = getattr(yaml, "CSafeLoader", None)

    def begin(self: Any, text: str) -> None:
        parser.__init__(self, text)
        yaml.composer.Composer.__init__(self)

    members = {"yaml_implicit_resolvers": _Loader.yaml_implicit_resolvers, "__init__": begin}
    return parser and type("_QuickLoader", (_Bounded, parser), members)


_QuickLoader: Any = _quick()


def load(source: Source) -> list[Obj]:
    """The objects of a manifest, `List` kinds unpacked, empty documents left out.

    Args:
        source: YAML or JSON text; a path (a `Path`, or a one-line string naming a file or folder); one object; or several.

    Raises:
        ManifestError: it is not a manifest; says the line.
    """
    if isinstance(source, Mapping):
        return list(_unpacked(source, "the manifest"))
    if isinstance(source, Sequence) and not isinstance(source, str):
        return [obj for item in source for obj in load(item)]
    if isinstance(source, Path) or _is_path(source):
        return [obj for path in _files(Path(source)) for obj in parse(_read(path), str(path))]
    return parse(source)


def parse(text: str, name: str = "the manifest") -> list[Obj]:
    """The objects of a YAML or JSON text. `name` says in errors which text it is. Raises as `load` does."""
    try:
        documents = _json(text) or [_construct(node) for node in compose(text)]
    except yaml.MarkedYAMLError as error:
        raise ManifestError(f"{name} is not valid YAML: {_where(error)}", _yaml_hint(text, error)) from None
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        raise ManifestError(f"{name} is not valid YAML: {error}") from None
    return [obj for document in documents if document is not None for obj in _unpacked(document, name)]


def looks_like_target(text: str) -> bool:
    """Is this the name of something (`pod/web`, `pods`) rather than a manifest or a file of one?"""
    return bool(re.fullmatch(r"[\w.-]+(/[\w.-]+)?", text)) and not text.endswith((".yaml", ".yml", ".json"))


def text_of(source: Source) -> str:
    """The text that `source` is or names; empty for objects."""
    if isinstance(source, Path) or (isinstance(source, str) and _is_path(source)):
        path = Path(source)
        return _read(path) if path.is_file() else ""
    return source if isinstance(source, str) else ""


def compose(text: str) -> list[yaml.Node]:
    """The documents of a text as YAML nodes, which know their lines. Raises yaml.YAMLError and ManifestError."""
    if len(text) > MAX_BYTES:
        raise ManifestError(f"The manifest is {len(text)} characters long; the API server takes at most {MAX_BYTES}.")
    nodes = [node for node in _composed(text) if node is not None]
    for node in nodes:
        _check_size(node)
    return nodes


def _composed(text: str) -> list[yaml.Node | None]:
    """The documents of a text, by libyaml where that sees the same in it as PyYAML's own parser.

    They differ over tabs, question marks and marks of byte order. What libyaml objects to is told in PyYAML's words.
    """
    if _QuickLoader is not None and _USUAL.fullmatch(text):
        try:
            return list(yaml.compose_all(text, Loader=_QuickLoader))
        except (yaml.YAMLError, ValueError, RecursionError):
            pass
    return list(yaml.compose_all(text, Loader=_Loader))


def line_of(text: str, subject: str, field: str) -> int | None:
    """The line (from 1) of a field that the server complains about.

    Args:
        text: the manifest.
        subject: the object's `metadata.name`.
        field: the server's path, such as `spec.containers[0].image`.

    Returns:
        The line of the field or of the innermost parent of it that is written in the manifest; None where the object is
        not found.
    """
    try:
        nodes = compose(text)
    except (yaml.YAMLError, ManifestError):
        return None
    named = [node for node in nodes if len(nodes) == 1 or _scalar(_descend(node, ["metadata", "name"])[0]) == subject]
    if not named:
        return None
    _, mark = _descend(named[0], re.findall(r"[^.\[\]]+", field))
    return None if mark is None else int(mark.line) + 1


def _descend(node: yaml.Node, steps: list[str]) -> tuple[yaml.Node | None, Any]:
    """Follow a path as far as it goes: the node (None if the path ends early) and the mark of the last step that exists."""
    mark = node.start_mark
    for step in steps:
        found = _step(node, step)
        if found is None:
            return None, mark
        node, mark = found
    return node, mark


def _step(node: yaml.Node, step: str) -> tuple[yaml.Node, Any] | None:
    """One step down: to a field, or an item; a field of a list's items (Go's errors leave out the index) is the first one."""
    if isinstance(node, yaml.MappingNode):
        return next(((value, key.start_mark) for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and step.isdigit():
        items = node.value[int(step) :][:1]
        return (items[0], items[0].start_mark) if items else None
    if isinstance(node, yaml.SequenceNode):
        return next((found for item in node.value if (found := _step(item, step))), None)
    return None


def _scalar(node: yaml.Node | None) -> str | None:
    return node.value if isinstance(node, yaml.ScalarNode) else None


def _json(text: str) -> list[Any]:
    """The document of a text that is JSON, as kubectl reads it; none if it is not."""
    if not text.lstrip().startswith("{") or len(text) > MAX_BYTES:
        return []
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return []


def _construct(node: yaml.Node) -> Any:
    loader = _Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _unpacked(document: Any, name: str) -> Iterator[Obj]:
    if not isinstance(document, Mapping):
        kind = "a list" if isinstance(document, list) else "a plain text" if isinstance(document, str) else f"{document!r}"
        raise ManifestError(
            f"{name} holds {kind}, not an object.", "a manifest begins with `apiVersion:` and `kind:`, unindented."
        )
    if str(document.get("kind", "")).endswith("List") and isinstance(document.get("items"), list):
        for item in document["items"]:
            yield from _unpacked(item, name)
        return
    for field in ("apiVersion", "kind"):
        if not isinstance(document.get(field), str) or not document[field]:
            raise ManifestError(
                f"{name}: an object has no `{field}`.", f"add `{field}:`; for a Pod, `apiVersion: v1` and `kind: Pod`."
            )
    if not isinstance(document.get("metadata") or {}, Mapping):
        raise ManifestError(
            f"{name}: an object's `metadata` is no mapping.", "write `metadata:`, and below it, indented, `name:`."
        )
    yield dict(document)


def _check_size(root: yaml.Node) -> None:
    """Refuse aliases that contain themselves, or that unfold into more than `MAX_NODES` nodes."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        known = sizes.get(id(node))
        if known == 0:
            raise ManifestError(f"The manifest's anchor in line {node.start_mark.line + 1} contains itself.")
        if known is None:
            sizes[id(node)] = 0
            known = sizes[id(node)] = 1 + sum(size(child) for child in _children(node))
        return known

    if size(root) > MAX_NODES:
        raise ManifestError(f"The manifest's aliases unfold into more than {MAX_NODES} values.")


def _children(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def _is_path(text: str) -> bool:
    return "\n" not in text and ":" not in text[2:] and "{" not in text and bool(text.strip())


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml", ".json"))
    return [path]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise ManifestError(f"Cannot read {path}: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ManifestError(f"{path} is not UTF-8 text (byte {error.start}).", "save the file as UTF-8.") from None


def _where(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark or error.context_mark
    said = ", ".join(part for part in (error.context, error.problem) if part)
    return f"line {mark.line + 1}, column {mark.column + 1}: {said}" if mark else said


def _yaml_hint(text: str, error: yaml.MarkedYAMLError) -> str:
    if "\t" in text and "\\t" in str(error.problem):
        return "YAML is indented with spaces, never with tabs."
    if "'`'" in str(error.problem):
        return "leave out the lines of back-quotes: they were around the YAML where it was copied from."
    if "mapping values are not allowed" in str(error.problem):
        line = error.problem_mark.line if error.problem_mark else 0
        stuck = [n for n, above in enumerate(text.splitlines()[:line], 1) if _STUCK.fullmatch(above)]
        if stuck:
            return f"line {stuck[-1]}: a colon after a field's name is followed by a blank."
        return "a colon followed by a blank inside a value wants quotes around the value; or a line is indented too far."
    if "expected <block end>" in str(error.problem):
        return "this line begins in another column than those that it belongs to: fields of one object stand below each other."
    return ""
