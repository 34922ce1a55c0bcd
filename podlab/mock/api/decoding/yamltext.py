"""YAML to JSON values, as ``sigs.k8s.io/yaml`` reads it, with go-yaml's words for errors.

YAML 1.1 booleans, no timestamps, keys made strings, unknown tags overlooked. Keys are sorted, as they are after the real server
has turned the text into JSON. PyYAML scans and parses as go-yaml does (both come from libyaml), but has words of its own:
`_WORDS` turns them into those of go-yaml, `_line` finds the line that go-yaml would tell.
"""

import base64
import binascii
import json
import re
from typing import Any, Final

import yaml
from yaml.tokens import BlockEndToken, ScalarToken, StreamEndToken

from podlab.mock.api.decoding.text import ESCAPE, MAY_BE_LONE, SyntaxProblem, integer, number, refuse_constant

_CONVERTING: Final = "error converting YAML to JSON: "
_TAG: Final = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as go-yaml v2 resolves it: no timestamps, no base-60 numbers, ``y`` and ``n`` are booleans.

    Attributes:
        repeats: a line for each key that comes twice.
        last: the token that was scanned last.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.repeats: list[str] = []
        self.last: Any = None

    def fetch_more_tokens(self) -> Any:
        super().fetch_more_tokens()
        if self.tokens:
            self.last = self.tokens[-1]


_Loader.ESCAPE_REPLACEMENTS = {  # type: ignore[misc]
    key: value for key, value in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if key != "/"
}
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag.removeprefix(_TAG) not in ("timestamp", "int", "float", "value")]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)\Z")
_Loader.add_implicit_resolver(f"{_TAG}int", _INTEGER, list("-+0123456789"))
_Loader.add_implicit_resolver(
    f"{_TAG}float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"),
    list("-+0123456789."),
)
_Loader.add_implicit_resolver(f"{_TAG}bool", re.compile(r"[yYnN]\Z"), list("yYnN"))
_BOOLEANS = {"y": True, "yes": True, "true": True, "on": True, "n": False, "no": False, "false": False, "off": False}


def _problem(words: str) -> SyntaxProblem:
    return SyntaxProblem(_CONVERTING + words)


def _construct_mapping(loader: _Loader, node: yaml.Node) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return _construct_unknown(loader, "", node)
    try:
        loader.flatten_mapping(node)
    except yaml.constructor.ConstructorError:
        raise _problem("yaml: map merge requires map or sequence of maps as the value") from None
    pairs = []
    for key, each in node.value:
        value = loader.construct_object(each, deep=True)
        pairs.append((_key(loader, key, value), value, key.start_mark.line + 1))
    seen: set[str] = set()
    for key, _, line in pairs:
        if key in seen:
            loader.repeats.append(f'  line {line}: key "{key}" already set in map')
        seen.add(key)
    return dict(sorted((key, value) for key, value, _ in pairs))


def _key(loader: _Loader, node: yaml.Node, value: Any) -> str:
    key = loader.construct_object(node, deep=True)
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, str | int | float):
        return str(key)
    if key is None:
        raise _problem(f"unsupported map key of type: %!s(<nil>), key: <nil>, value: {_go(value)}")
    raise _problem(f"yaml: invalid map key: {_go(key)}")


def _go(value: Any) -> str:
    """A value as Go writes it with ``%#v``."""
    if isinstance(value, dict):
        return "map[interface {}]interface {}{" + ", ".join(f"{_go(key)}:{_go(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[]interface {}{" + ", ".join(map(_go, value)) + "}"
    return "<nil>" if value is None else json.dumps(value, ensure_ascii=False)


def _construct_integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = _scalar(loader, node, "int", _INTEGER).replace("_", "")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
    base = 0 if digits[:2].lower() in ("0x", "0b", "0o") else 8 if len(digits) > 1 and digits[0] == "0" else 10
    return sign * int(digits, base)


def _construct_boolean(loader: _Loader, node: yaml.ScalarNode) -> bool:
    return _BOOLEANS[_scalar(loader, node, "bool", _BOOLEAN).lower()]


_BOOLEAN: Final = re.compile("(?:" + "|".join(_BOOLEANS) + r")\Z", re.IGNORECASE)
_FLOAT: Final = re.compile(r"[-+]?\.(?:inf|nan)\Z|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:e[-+]?[0-9]+)?\Z", re.IGNORECASE)


def _construct_float(loader: _Loader, node: yaml.ScalarNode) -> float:
    text = _scalar(loader, node, "float", _FLOAT).lower()
    if text.endswith(("inf", "nan")):
        shown = "NaN" if text.endswith("nan") else "-Inf" if text.startswith("-") else "+Inf"
        raise _problem(f"json: unsupported value: {shown}")
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e21 else number(repr(value))


def _scalar(loader: _Loader, node: yaml.Node, wanted: str, pattern: re.Pattern[str]) -> str:
    """The text of a scalar that its tag says is of the type ``wanted``."""
    text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
    if not isinstance(node, yaml.ScalarNode) or not pattern.match(text):
        found = loader.resolve(yaml.ScalarNode, text, (True, False)).removeprefix(_TAG)  # type: ignore[no-untyped-call]
        raise _problem(f"yaml: cannot decode !!{found} `{text}` as a !!{wanted}")
    return text


def _construct_binary(loader: _Loader, node: yaml.Node) -> str:
    try:
        return base64.b64decode("".join(str(node.value).split()), validate=True).decode("utf-8", errors="replace")
    except binascii.Error:
        raise _problem("yaml: !!binary value contains invalid base64 data") from None


def _construct_unknown(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    """go-yaml overlooks a tag that it does not know."""
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(loader, node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return str(node.value)


def _construct_overlooked(loader: _Loader, node: yaml.Node) -> Any:
    return _construct_unknown(loader, "", node)


for _type, _constructor in (
    ("map", _construct_mapping),
    ("int", _construct_integer),
    ("bool", _construct_boolean),
    ("float", _construct_float),
    ("binary", _construct_binary),
):
    _Loader.add_constructor(f"{_TAG}{_type}", _constructor)
for _type in ("seq", "merge", "value", "timestamp", "omap", "pairs", "set"):
    _Loader.add_constructor(f"{_TAG}{_type}", _construct_overlooked)
_Loader.add_multi_constructor("", _construct_unknown)

_WORDS: Final = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        ("mapping values are not allowed here", "mapping values are not allowed in this context"),
        ("sequence entries are not allowed here", "block sequence entries are not allowed in this context"),
        ("mapping keys are not allowed here", "mapping keys are not allowed in this context"),
        ("found character .* that cannot start any token", "found character that cannot start any token"),
        ("expected the node content, but found.*", "did not find expected node content"),
        ("expected '<document start>'.*", "did not find expected <document start>"),
        ("expected ',' or ']', but got.*", "did not find expected ',' or ']'"),
        ("expected ',' or '}', but got.*", "did not find expected ',' or '}'"),
        ("found undefined tag handle.*", "found undefined tag handle"),
        ("found duplicate YAML directive", "found duplicate %YAML directive"),
        ("found unknown escape character.*", "found unknown escape character"),
        ("expected escape sequence of .*", "did not find expected hexdecimal number"),
        ("expected alphabetic or numeric character.*", "did not find expected alphabetic or numeric character"),
        ("expected chomping or indentation indicators.*", "did not find expected comment or line break"),
        ("expected a comment or a line break.*", "did not find expected comment or line break"),
    )
)
_TAB_WORDS: Final = {
    None: "found a tab character that violates indentation",
    "|": "found a tab character where an indentation space is expected",
    ">": "found a tab character where an indentation space is expected",
}
"""By the style of the scalar that a tab stands after."""


def _explain(loader: _Loader, error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if problem.startswith("found undefined alias"):
        return f"unknown anchor {problem.removeprefix('found undefined alias ')} referenced"
    if problem.startswith("expected <block end>"):
        kind = "'-' indicator" if "collection" in (error.context or "") else "key"
        problem = f"did not find expected {kind}"
    elif r"'\t'" in problem and isinstance(loader.last, ScalarToken) and loader.last.style in _TAB_WORDS:
        problem = _TAB_WORDS[loader.last.style]
    else:
        problem = next((words for pattern, words in _WORDS if pattern.fullmatch(problem)), problem)
    return _line(loader, error) + problem


def _line(loader: _Loader, error: yaml.MarkedYAMLError) -> str:
    """Where it is, as go-yaml tells: a line less than it should in what the parser finds, and never the first one."""
    if error.problem_mark is None:
        return ""
    line = error.problem_mark.line
    if isinstance(loader.last, StreamEndToken) and error.problem_mark.column and not isinstance(loader.last, BlockEndToken):
        line += 1
    if line:
        line += isinstance(error, yaml.scanner.ScannerError)
    elif error.context_mark is not None:
        line = error.context_mark.line
    return f"line {line}: " if line else ""


_UNPRINTABLE = re.compile(yaml.reader.Reader.NON_PRINTABLE.pattern + r"|\\[u/]")
"""What YAML does not allow, or takes otherwise than JSON."""


def _quick(text: str) -> dict[str, Any] | None:
    """The value of a YAML text that is plain JSON, in a hundredth of the time; None where YAML may see more or less in it."""
    if not text.startswith("{") or _UNPRINTABLE.search(text):
        return None
    try:
        value: dict[str, Any] = _QUICK.decode(text)
    except (ValueError, RecursionError):
        return None
    return value


def _sorted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(sorted(pairs, key=lambda pair: pair[0]))
    if len(made) < len(pairs):
        raise ValueError
    return made


_QUICK = json.JSONDecoder(
    object_pairs_hook=_sorted, parse_float=refuse_constant, parse_int=integer, parse_constant=refuse_constant
)


def _refuse_surrogates(text: str, value: Any) -> None:
    """go-yaml, unlike JSON, takes no surrogates, not even in pairs."""
    for escape in ESCAPE.finditer(text) if MAY_BE_LONE.search(text) else ():
        if (escape["pair"] or escape["lone"]) and re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)):
            line = text.count("\n", 0, escape.start())
            where = f"line {line + 1}: " if line else ""
            raise _problem(f"yaml: {where}found invalid Unicode character escape code")


def parse_yaml(body: bytes) -> tuple[Any, list[str]]:
    """The value of the first YAML document in ``body``, and a line for each key that comes twice.

    Raises:
        SyntaxProblem: it is not YAML.
    """
    text = body.decode("utf-8", errors="replace")
    quick = _quick(text)
    if quick is not None:
        return quick, []
    try:
        loader = _Loader(text)
    except yaml.YAMLError:  # PyYAML looks through the text before it scans
        raise _problem("yaml: control characters are not allowed") from None
    try:
        value = loader.get_data() if loader.check_data() else None  # type: ignore[no-untyped-call]
        _refuse_surrogates(text, value)
        return value, loader.repeats
    except yaml.MarkedYAMLError as error:
        raise _problem(f"yaml: {_explain(loader, error)}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, SyntaxProblem):
            raise
        raise _problem(f"yaml: {error}") from None
