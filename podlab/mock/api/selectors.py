"""Label and field selectors: parsing with the real server's words, and matching.

The grammar is that of ``k8s.io/apimachinery/pkg/labels`` and ``fields``. A `LabelSelector` object (``matchLabels`` and
``matchExpressions``) becomes the same requirements, so that there is one way of matching.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from podlab.mock.api.errors import BadRequest, quote

Obj = dict[str, Any]

_NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
_SUBDOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_OPERATORS = ("in", "notin", "=", "==", "!=", "gt", "lt", "exists", "!")
_TOKEN = re.compile(r"[ \t\n\r]*(?:(==|!=|=|!|\(|\)|,|<|>)|([^\s=!(),<>]+))")

_NAME_WORDS = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
_PREFIX_WORDS = (
    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', "
    "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
)
_QUALIFIED_WORDS = (
    "a qualified name must consist of alphanumeric characters, '-', '_' or '.', "
    "and must start and end with an alphanumeric character "
    "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is "
    "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') "
    "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"
)
_VALUE_WORDS = (
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
    "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
)


class SelectorError(ValueError):
    """A selector that cannot be parsed; the text is the server's."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on a label: ``operator`` is ``in notin exists ! gt`` or ``lt`` (``=`` is ``in``, ``!=`` is ``notin``)."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Does the condition hold for these labels?"""
        value = labels.get(self.key)
        match self.operator:
            case "in":
                return value is not None and value in self.values
            case "notin":
                return value is None or value not in self.values
            case "exists":
                return value is not None
            case "!":
                return value is None
        try:
            number, bound = int(value or ""), int(self.values[0])
        except ValueError:
            return False
        return number > bound if self.operator == "gt" else number < bound


@dataclass(frozen=True, slots=True)
class FieldRequirement:
    """One condition on a field: its path (``status.phase``), whether it must differ, and the value."""

    path: str
    negated: bool
    value: str


Labels = tuple[Requirement, ...]
Fields = tuple[FieldRequirement, ...]
FieldGetter = Callable[[Obj, str], str]


def field_of(obj: Obj, path: str) -> str:
    """The text of a field by its dotted path; ``""`` where there is none."""
    value: Any = obj
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a list or a watch asks for."""

    labels: Labels = ()
    fields: Fields = ()
    getter: FieldGetter = field_of

    @property
    def everything(self) -> bool:
        """Selects all objects."""
        return not self.labels and not self.fields

    def matches(self, obj: Obj) -> bool:
        """Is the object selected?"""
        if self.labels:
            labels = obj["metadata"].get("labels") or {}
            if not all(requirement.matches(labels) for requirement in self.labels):
                return False
        return all((self.getter(obj, one.path) == one.value) != one.negated for one in self.fields)


@lru_cache(maxsize=512)
def parse_labels(text: str) -> Labels:
    """Parses a ``labelSelector``. Raises SelectorError."""
    return _LabelParser(text).parse()


@lru_cache(maxsize=512)
def parse_fields(text: str) -> Fields:
    """Parses a ``fieldSelector``. Raises SelectorError."""
    requirements = []
    for term in _split_fields(text):
        if not term:
            continue
        found = re.match(r"((?:[^=!\\]|\\.|!(?!=))*?)(!=|==|=)", term)
        if found is None:
            raise SelectorError(f"invalid selector: '{text}'; can't understand '{term}'")
        value = term[found.end() :]
        if re.search(r"(?<!\\)=", value):
            raise SelectorError("invalid field selector: unescaped character in field selector value: '='")
        requirements.append(FieldRequirement(found[1], found[2] == "!=", re.sub(r"\\([\\,=])", r"\1", value)))
    return tuple(sorted(requirements, key=lambda one: one.path))


def _split_fields(text: str) -> list[str]:
    return re.findall(r"((?:\\.|[^\\,])+)(?:,|$)", text)


def from_label_selector(selector: Obj | None) -> Labels | None:
    """The requirements of a ``LabelSelector`` object: None (selects nothing) without one, ``()`` (everything) if empty."""
    if selector is None:
        return None
    requirements = [Requirement(key, "in", (value,)) for key, value in sorted((selector.get("matchLabels") or {}).items())]
    for expression in selector.get("matchExpressions") or ():
        operator = {"In": "in", "NotIn": "notin", "Exists": "exists", "DoesNotExist": "!"}[expression["operator"]]
        requirements.append(Requirement(expression["key"], operator, tuple(sorted(expression.get("values") or ()))))
    return tuple(requirements)


def matches_labels(requirements: Sequence[Requirement] | None, labels: Mapping[str, str] | None) -> bool:
    """Do these labels meet all requirements? None selects nothing."""
    return requirements is not None and all(requirement.matches(labels or {}) for requirement in requirements)


def format_labels(requirements: Sequence[Requirement]) -> str:
    """The canonical text of a selector, as the server writes it into ``status.selector`` of a ``Scale``."""
    return ",".join(map(_format_requirement, requirements))


def _format_requirement(requirement: Requirement) -> str:
    key, values = requirement.key, requirement.values
    match requirement.operator:
        case "exists":
            return key
        case "!":
            return f"!{key}"
        case "in" | "notin":
            if len(values) == 1 and requirement.operator == "in":
                return f"{key}={values[0]}"
            return f"{key} {requirement.operator} ({','.join(values)})"
    return f"{key}{'>' if requirement.operator == 'gt' else '<'}{values[0]}"


class _LabelParser:
    """A recursive-descent parser over tokens; a token is a symbol, a word, or ``""`` at the end."""

    def __init__(self, text: str) -> None:
        self.tokens = [symbol or word for symbol, word in _TOKEN.findall(text)]
        self.position = 0

    def parse(self) -> Labels:
        requirements: list[Requirement] = []
        if not self.tokens:
            return ()
        while True:
            if (token := self.peek()) in ("", ",", ")", "(", "=", "==", "!=", "<", ">"):
                raise SelectorError(f"unable to parse requirement: found '{token}', expected: !, identifier, or 'end of string'")
            requirements.append(self.requirement())
            token = self.take()
            if token == "":
                return tuple(sorted(requirements, key=lambda requirement: requirement.key))
            if token != ",":
                raise SelectorError(f"unable to parse requirement: found '{token}', expected: ',' or 'end of string'")
            if self.peek() == "":
                raise SelectorError("unable to parse requirement: found '', expected: identifier after ','")

    def peek(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.position += 1
        return token

    def requirement(self) -> Requirement:
        negated = self.peek() == "!"
        if negated:
            self.take()
        key = self.take()
        if not _is_word(key):
            raise SelectorError(f"unable to parse requirement: found '{key}', expected: identifier")
        _check_key(key)
        if negated:
            return Requirement(key, "!")
        if self.peek() in ("", ","):
            return Requirement(key, "exists")
        return self.operation(key, self.take())

    def operation(self, key: str, operator: str) -> Requirement:
        match operator:
            case "in" | "notin":
                values = self.values()
            case "=" | "==" | "!=" | "<" | ">":
                values = (self.exact_value(),)
            case _:
                raise SelectorError(f"unable to parse requirement: found '{operator}', expected: {', '.join(_EXPECTED)}")
        if operator in ("<", ">"):
            _check_integer(key, values[0])
            return Requirement(key, "lt" if operator == "<" else "gt", values)
        for index, value in enumerate(values):
            _check_value(key, index, value)
        return Requirement(key, {"=": "in", "==": "in", "!=": "notin"}.get(operator, operator), values)

    def exact_value(self) -> str:
        if self.peek() in ("", ","):
            return ""
        value = self.take()
        if not _is_word(value):
            raise SelectorError(f"unable to parse requirement: found '{value}', expected: identifier")
        return value

    def values(self) -> tuple[str, ...]:
        if (token := self.take()) != "(":
            raise SelectorError(f"unable to parse requirement: found '{token}' expected: '('")
        values: set[str] = set()
        while True:
            token = self.take()
            if token == ")":
                values.add("")
                break
            if token == ",":
                values.add("")
                if self.peek() == ")":
                    self.take()
                    values.add("")
                    break
                continue
            if not _is_word(token):
                raise SelectorError(f"unable to parse requirement: found '{token}', expected: ',', or identifier")
            values.add(token)
            token = self.take()
            if token == ")":
                break
            if token != ",":
                raise SelectorError(f"unable to parse requirement: found '{token}', expected: ',' or ')'")
        return tuple(sorted(values))


_EXPECTED = ("in", "notin", "=", "==", "!=", "gt", "lt")


def _is_word(token: str) -> bool:
    return bool(token) and token not in ("=", "==", "!=", "!", "(", ")", ",", "<", ">")


def _check_key(key: str) -> None:
    prefix, slash, name = key.rpartition("/")
    problems = []
    if key.count("/") > 1:
        problems.append(_QUALIFIED_WORDS)
    else:
        if slash and not prefix:
            problems.append("prefix part must be non-empty")
        elif slash and not _SUBDOMAIN.fullmatch(prefix):
            problems.append(_PREFIX_WORDS)
        if not name:
            problems.append("name part must be non-empty")
        elif len(name) > 63:
            problems.append("name part must be no more than 63 bytes")
        if not _NAME.fullmatch(name):
            problems.append(_NAME_WORDS)
    if problems:
        raise SelectorError(f"unable to parse requirement: <nil>: Invalid value: {quote(key)}: {'; '.join(problems)}")


def _check_value(key: str, index: int, value: str) -> None:
    problems = []
    if len(value) > 63:
        problems.append("must be no more than 63 bytes")
    if value and not _NAME.fullmatch(value):
        problems.append(_VALUE_WORDS)
    if problems:
        where = f"values[{index}][{key}]"
        raise SelectorError(f"unable to parse requirement: {where}: Invalid value: {quote(value)}: {'; '.join(problems)}")


def _check_integer(key: str, value: str) -> None:
    if not re.fullmatch(r"[-+]?[0-9]+", value):
        raise SelectorError(
            f"unable to parse requirement: values[0][{key}]: Invalid value: {quote(value)}: "
            "for 'Gt', 'Lt' operators, the value must be an integer"
        )


@dataclass(frozen=True, slots=True)
class FieldSelectors:
    """By which fields the objects of a kind can be selected.

    Attributes:
        supported: dotted paths; the metadata's name (and namespace) come first.
        refusal: the server's words for another path, with ``{}`` for it.
        readers: how to read a path that is not simply a field of the object.
    """

    supported: tuple[str, ...] = ("metadata.name", "metadata.namespace")
    refusal: str = '"{}" is not a known field selector: only "metadata.name", "metadata.namespace"'
    readers: Mapping[str, Callable[[Obj], str]] = field(default_factory=dict)

    def read(self, obj: Obj, path: str) -> str:
        """The text of a field."""
        reader = self.readers.get(path)
        return reader(obj) if reader else field_of(obj, path)


def selection(label_selector: str, field_selector: str, selectors: FieldSelectors) -> Selection:
    """What the two query parameters of a list or a watch select, for a kind with these field selectors.

    Raises:
        BadRequest: a selector cannot be parsed, or names a field that is not supported.
    """
    try:
        labels = parse_labels(label_selector) if label_selector else ()
        fields = parse_fields(field_selector) if field_selector else ()
    except SelectorError as error:
        raise BadRequest(str(error)) from error
    for requirement in fields:
        if requirement.path not in selectors.supported:
            raise BadRequest(selectors.refusal.format(requirement.path))
    return Selection(labels, fields, selectors.read)
