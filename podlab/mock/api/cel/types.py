"""Types of expressions, and which fit which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A type: its name, what it is made of, and of an object its fields. Names of one capital letter stand for any type."""

    name: str
    args: tuple["Type", ...] = ()
    fields: Mapping[str, "Type"] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(map(str, self.args))})" if self.args else self.name

    @property
    def free(self) -> bool:
        """Whether it stands for any type."""
        return len(self.name) == 1


BOOL, INT, UINT, DOUBLE, STRING, BYTES, NULL, DYN, TIMESTAMP, DURATION, ERROR = map(
    Type,
    (
        "bool",
        "int",
        "uint",
        "double",
        "string",
        "bytes",
        "null",
        "dyn",
        "timestamp",
        "duration",
        "!error!",
    ),
)
_MAY_BE_NULL: Final = frozenset({"wrapper", "null", "timestamp", "duration", "optional_type", "object"})
_PART: Final = re.compile(r"\s*([A-Za-z_.]+)\s*(\(?)")


def list_of(item: Type) -> Type:
    """The type of lists of ``item``."""
    return Type("list", (item,))


def map_of(key: Type, value: Type) -> Type:
    """The type of maps."""
    return Type("map", (key, value))


def optional_of(value: Type) -> Type:
    """The type of values that may be missing."""
    return Type("optional_type", (value,))


def nullable(value: Type) -> Type:
    """A type, or null."""
    return value if value.name in (*_MAY_BE_NULL, "dyn") or value.fields is not None else Type("wrapper", (value,))


def plain(value: Type) -> Type:
    """What a nullable type is when it is not null."""
    return value.args[0] if value.name == "wrapper" else value


def fits(wanted: Type, given: Type, bound: dict[str, Type]) -> bool:
    """Whether a value of type ``given`` may stand where ``wanted`` is; binds the letters in ``wanted``."""
    if wanted.free:
        return _bind(wanted.name, given, bound)
    if "dyn" in (wanted.name, given.name) or "!error!" in (wanted.name, given.name):
        return True
    if given.name == "null" and (wanted.name in _MAY_BE_NULL or wanted.fields is not None):
        return True
    wanted, given = plain(wanted), plain(given)
    if wanted.name != given.name or len(wanted.args) != len(given.args):
        return False
    return all(fits(mine, theirs, bound) for mine, theirs in zip(wanted.args, given.args, strict=True))


def _bind(letter: str, given: Type, bound: dict[str, Type]) -> bool:
    """Takes ``given`` for what a letter stands for; of two types that fit, the more general one."""
    known = bound.get(letter)
    if known is None or given.name == "dyn" or (known.name == "null" and fits(given, known, bound)):
        bound[letter] = given if known is None or known.name != "dyn" else known
        return True
    return fits(known, given, bound)


def fill(result: Type, bound: Mapping[str, Type]) -> Type:
    """``result`` with its letters replaced; one that was never bound is anything."""
    if result.free:
        return bound.get(result.name, DYN)
    return Type(result.name, tuple(fill(each, bound) for each in result.args), result.fields) if result.args else result


def read_type(text: str) -> Type:
    """``list(A)``, ``map(string, int)`` ... as the library's signatures have them."""
    found, rest = _read(text)
    assert not rest.strip(), text
    return found


def _read(text: str) -> tuple[Type, str]:
    match = _PART.match(text)
    assert match is not None, text
    rest, args = text[match.end() :], []
    if match[2]:
        while True:
            inner, rest = _read(rest)
            args.append(inner)
            rest = rest.lstrip()
            mark, rest = rest[0], rest[1:]
            if mark == ")":
                break
    return Type(match[1], tuple(args)), rest


@dataclass(frozen=True, slots=True)
class Overload:
    """A function on certain types; a ``member`` is called on the first of them."""

    member: bool
    parameters: tuple[Type, ...]
    result: Type


def read_overload(text: str) -> Overload:
    """``string.(int)string`` is a member of strings, ``(int, int)int`` a plain function."""
    target, dot, rest = text.partition(".(")
    parameters = [read_type(target)] if dot else []
    rest = rest if dot else text.removeprefix("(")
    while not rest.startswith(")"):
        one, rest = _read(rest)
        parameters.append(one)
        rest = rest.lstrip().removeprefix(",")
    return Overload(bool(dot), tuple(parameters), read_type(rest[1:]))


def choose(overloads: Sequence[Overload], member: bool, given: Sequence[Type]) -> Type | None:
    """The type of the result of the overloads that take ``given`` (anything, if they differ in it); None if none does."""
    results: list[Type] = []
    for overload in overloads:
        if overload.member != member or len(overload.parameters) != len(given):
            continue
        bound: dict[str, Type] = {}
        if all(fits(wanted, each, bound) for wanted, each in zip(overload.parameters, given, strict=True)):
            results.append(fill(overload.result, bound))
    if not results:
        return None
    return results[0] if all(each == results[0] for each in results) else DYN
