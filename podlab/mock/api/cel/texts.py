"""Functions on strings, and regular expressions (RE2's, as Go's are)."""

from functools import lru_cache
from typing import Any, Final

import re2

from podlab.mock.api.cel.library import function
from podlab.mock.api.cel.operators import to_string
from podlab.mock.api.cel.problems import CelError, no_overload
from podlab.mock.api.cel.times import show_timestamp
from podlab.mock.api.cel.values import Duration, Timestamp, Value, equal, is_number, type_name

_PATTERN_MEMORY: Final = 4 << 20


def _all_strings(*values: Value) -> None:
    if not all(isinstance(value, str) for value in values):
        raise no_overload()


for _name, _test in (("contains", str.__contains__), ("startsWith", str.startswith), ("endsWith", str.endswith)):

    @function(_name, "string.(string)bool")
    def _has(value: Value, part: Value, test: Any = _test) -> bool:
        _all_strings(value, part)
        return bool(test(value, part))


@lru_cache(maxsize=256)
def compiled(pattern: str) -> "re2._Regexp[bytes]":
    """A pattern ready to be looked for."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _PATTERN_MEMORY
    try:
        return re2.compile(pattern.encode(errors="replace"), options)
    except re2.error as error:
        raise CelError(f"error parsing regexp: {error}") from None


@function("matches", "string.(string)bool", "(string,string)bool")
def matches(value: Value, pattern: Value) -> bool:
    """Whether a pattern is found anywhere."""
    _all_strings(value, pattern)
    return compiled(pattern).search(value.encode(errors="replace")) is not None


@function("find", "string.(string)string")
def find(value: Value, pattern: Value) -> str:
    """What of a string a pattern finds first, or nothing."""
    _all_strings(value, pattern)
    found = compiled(pattern).search(value.encode(errors="replace"))
    return "" if found is None else bytes(found.group()).decode(errors="replace")


@function("findAll", "string.(string)list(string)", "string.(string,int)list(string)")
def find_all(value: Value, pattern: Value, limit: int = -1) -> list[str]:
    """All that a pattern finds, at most ``limit`` of it."""
    _all_strings(value, pattern)
    found = [bytes(each.group()).decode(errors="replace") for each in compiled(pattern).finditer(value.encode(errors="replace"))]
    return found if limit < 0 else found[:limit]


def _placed(value: str, place: int) -> int:
    if not 0 <= place <= len(value):
        raise CelError(f"index out of range: {place}")
    return place


@function("charAt", "string.(int)string")
def char_at(value: Value, place: Value) -> str:
    """The character at a place; nothing right behind the end."""
    _all_strings(value)
    return str(value[_placed(value, place) : place + 1])


@function("indexOf", "string.(string)int", "string.(string,int)int", "list(A).(A)int")
def index_of(value: Value, part: Value, start: int = 0) -> int:
    """Where a part stands first, or -1."""
    if isinstance(value, list):
        return next((index for index, each in enumerate(value) if equal(each, part)), -1)
    _all_strings(value, part)
    return int(value.find(part, _placed(value, start)))


@function("lastIndexOf", "string.(string)int", "string.(string,int)int", "list(A).(A)int")
def last_index_of(value: Value, part: Value, start: int | None = None) -> int:
    """Where a part stands last, or -1."""
    if isinstance(value, list):
        return next((index for index in range(len(value) - 1, -1, -1) if equal(value[index], part)), -1)
    _all_strings(value, part)
    return int(value.rfind(part) if start is None else value.rfind(part, 0, _placed(value, start) + len(part)))


_LOWER: Final = {letter: letter + 32 for letter in range(ord("A"), ord("Z") + 1)}
_UPPER: Final = {letter + 32: letter for letter in _LOWER}


@function("lowerAscii", "string.()string")
def lower_ascii(value: Value) -> str:
    """A to Z made small."""
    _all_strings(value)
    return str(value.translate(_LOWER))


@function("upperAscii", "string.()string")
def upper_ascii(value: Value) -> str:
    """A to z made large."""
    _all_strings(value)
    return str(value.translate(_UPPER))


@function("replace", "string.(string,string)string", "string.(string,string,int)string")
def replace(value: Value, old: Value, new: Value, limit: int = -1) -> str:
    """A string with another part, at most ``limit`` times."""
    _all_strings(value, old, new)
    return str(value.replace(old, new, limit))


@function("split", "string.(string)list(string)", "string.(string,int)list(string)")
def split(value: Value, separator: Value, limit: int = -1) -> list[str]:
    """The parts between separators; at most ``limit`` of them, if it is not negative."""
    _all_strings(value, separator)
    if limit in (0, 1):
        return [value] if limit else []
    if separator:
        return list(value.split(separator, limit - 1 if limit > 0 else -1))
    letters = list(value)
    return letters if limit < 0 or len(letters) <= limit else [*letters[: limit - 1], "".join(letters[limit - 1 :])]


@function("join", "list(string).()string", "list(string).(string)string")
def join(values: Value, separator: Value = "") -> str:
    """Strings made one."""
    if not isinstance(values, list):
        raise no_overload()
    _all_strings(separator, *values)
    return str(separator.join(values))


@function("substring", "string.(int)string", "string.(int,int)string")
def substring(value: Value, start: Value, end: int | None = None) -> str:
    """A part, by places."""
    _all_strings(value)
    stop = len(value) if end is None else _placed(value, end)
    if _placed(value, start) > stop:
        raise CelError(f"invalid substring range. start: {start}, end: {stop}")
    return str(value[start:stop])


@function("trim", "string.()string")
def trim(value: Value) -> str:
    """Without the blanks around it."""
    _all_strings(value)
    return str(value.strip())


@function("reverse", "string.()string")
def reverse(value: Value) -> str:
    """Backwards."""
    _all_strings(value)
    return str(value[::-1])


_QUOTED: Final = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    '"': r"\"",
    "\\": r"\\",
}


@function("strings.quote", "(string)string")
def quote(value: Value) -> str:
    """A string as a literal."""
    _all_strings(value)
    return '"' + "".join(_QUOTED.get(letter, letter) for letter in value) + '"'


@function("format", "string.(list(dyn))string")
def format_(value: Value, arguments: Value) -> str:
    """``%s``, ``%d``, ``%f``, ``%e``, ``%b``, ``%o``, ``%x`` and ``%X``, filled in."""
    _all_strings(value)
    rest, text, parts = list(arguments), value, []
    while True:
        before, sign, text = text.partition("%")
        parts.append(before)
        if not sign:
            return "".join(parts)
        if text[:1] == "%":
            parts.append("%")
            text = text[1:]
            continue
        digits = ""
        if text[:1] == ".":
            digits = text[1 : 1 + len(text[1:]) - len(text[1:].lstrip("0123456789"))]
            text = text[1 + len(digits) :]
        if not rest:
            raise CelError(f"index {len(arguments)} out of range")
        parts.append(_clause(text[:1], rest.pop(0), int(digits or 6)))
        text = text[1:]


def _clause(kind: str, value: Value, digits: int) -> str:
    if kind == "s":
        return _shown(value)
    if kind in ("f", "e") and is_number(value):
        return format(float(value), f".{digits}{kind}")
    if kind in ("d", "b", "o", "x", "X") and is_number(value) and not (isinstance(value, float) and kind != "d"):
        return format(value, kind) if isinstance(value, int) else to_string(value)
    if kind in ("x", "X") and isinstance(value, str | bytes):
        shown = (value.encode() if isinstance(value, str) else value).hex()
        return shown.upper() if kind == "X" else shown
    if kind == "b" and isinstance(value, bool):
        return "1" if value else "0"
    raise CelError(f'could not parse formatting clause: unrecognized formatting clause "{kind}"' if kind not in "dfebxXo" else
                   f"error during formatting: %{kind} of a {type_name(value)}")  # fmt: skip


def _shown(value: Value) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_shown, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_shown(key)}: {_shown(value[key])}" for key in sorted(value, key=_shown)) + "}"
    if value is None:
        return "null"
    if isinstance(value, Timestamp):
        return show_timestamp(value)
    if isinstance(value, float | str | bool | int | bytes | Duration):
        return str(to_string(value))
    return str(getattr(value, "name", value))
