"""Bytes to JSON values, with what Go's scanner sees and Python's forgets.

That is: repeated keys, the text of numbers, and the scanner's own words for errors.

`parse_json` gives plain dicts and lists; an object with a repeated key becomes a `Repeated`, a number with a point or exponent a
`Number`. YAML is read with the rules of ``sigs.k8s.io/yaml`` (YAML 1.1 booleans, no timestamps, keys made strings) and its keys
are sorted, as they are after the real server has turned it into JSON.
"""

import json
import re
from typing import Any, Final

import yaml

MAXIMUM_DEPTH: Final = 10_000


class SyntaxProblem(ValueError):
    """The text is not JSON (or YAML); the message is Go's."""


class Repeated(dict[str, Any]):
    """A JSON object in which a key comes more than once: ``pairs`` are all in order; as a dict, the last one of each wins."""

    __slots__ = ("pairs",)
    pairs: list[tuple[str, Any]]


class Number(float):
    """A JSON number that is no plain integer, and how it was written."""

    __slots__ = ("text",)
    text: str


def _number(text: str) -> Number:
    number = Number(text)
    number.text = text
    return number


def _integer(text: str) -> int | Number:
    return int(text) if len(text) < 400 else _number(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    repeated = Repeated(made)
    repeated.pairs = pairs
    return repeated


def _refuse_constant(text: str) -> Any:
    raise ValueError(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_number, parse_int=_integer, parse_constant=_refuse_constant)


def parse_json(body: bytes) -> Any:
    """The value that ``body`` holds.

    Raises:
        SyntaxProblem: with the words of Go's scanner.
    """
    text = body.decode("utf-8", errors="replace")
    if _MAY_BE_LONE.search(text):
        text = _ESCAPE.sub(_replace_lone, text)
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise SyntaxProblem("exceeded max depth") from None
    except ValueError:
        raise SyntaxProblem(explain(text)) from None


_MAY_BE_LONE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    r"\\(?:(?P<pair>u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|(?P<lone>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def _replace_lone(escape: re.Match[str]) -> str:
    """Go's decoder makes U+FFFD of half a pair of surrogates."""
    return r"\ufffd" if escape["lone"] else escape[0]


_WHITESPACE = " \t\r\n"
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORDS = {"t": "true", "f": "false", "n": "null"}
_END = "unexpected end of JSON input"


def explain(text: str) -> str:
    """Go's words for why ``text`` is not JSON: a walk over its grammar that stops at the first wrong character."""
    place, expect = 0, "value"
    stack: list[str] = []
    while True:
        while place < len(text) and text[place] in _WHITESPACE:
            place += 1
        if place == len(text):
            return _END
        letter = text[place]
        try:
            place, expect = _step(text, place, letter, stack, expect)
        except SyntaxProblem as problem:
            return str(problem)


def _step(text: str, place: int, letter: str, stack: list[str], expect: str) -> tuple[int, str]:
    if expect == "end":
        raise _invalid(letter, "after top-level value")
    if expect in ("value", "first value"):
        if expect == "first value" and letter == "]":
            return _close(place, stack)
        return _value(text, place, letter, stack)
    if expect in ("key", "first key"):
        if expect == "first key" and letter == "}":
            return _close(place, stack)
        if letter != '"':
            raise _invalid(letter, "looking for beginning of object key string")
        return _string(text, place), "colon"
    return _after(place, letter, stack, expect)


def _after(place: int, letter: str, stack: list[str], expect: str) -> tuple[int, str]:
    """After a key a colon; after a value a comma, or the end of what it stands in."""
    if expect == "colon":
        if letter != ":":
            raise _invalid(letter, "after object key")
        return place + 1, "value"
    closing = {"{": "}", "[": "]"}[stack[-1]]
    if letter == closing:
        return _close(place, stack)
    if letter != ",":
        raise _invalid(letter, "after object key:value pair" if closing == "}" else "after array element")
    return place + 1, "key" if closing == "}" else "value"


def _close(place: int, stack: list[str]) -> tuple[int, str]:
    stack.pop()
    return place + 1, "comma" if stack else "end"


def _value(text: str, place: int, letter: str, stack: list[str]) -> tuple[int, str]:
    after = "comma" if stack else "end"
    if letter in "{[":
        stack.append(letter)
        return place + 1, "first key" if letter == "{" else "first value"
    if letter == '"':
        return _string(text, place), after
    if letter in _WORDS:
        return _word(text, place, _WORDS[letter]), after
    if letter == "-" or (letter.isascii() and letter.isdigit()):
        return _numeral(text, place), after
    raise _invalid(letter, "looking for beginning of value")


def _string(text: str, place: int) -> int:
    match = _STRING.match(text, place)
    assert match is not None
    end = match.end()
    if end == len(text):
        raise SyntaxProblem(_END)
    if text[end] == '"':
        return end + 1
    if text[end] != "\\":
        raise _invalid(text[end], "in string literal")
    if end + 1 == len(text):
        raise SyntaxProblem(_END)
    if text[end + 1] != "u":
        raise _invalid(text[end + 1], "in string escape code")
    bad = next((c for c in text[end + 2 : end + 6] if c not in "0123456789abcdefABCDEF"), None)
    raise _invalid(bad, r"in \u hexadecimal character escape") if bad else SyntaxProblem(_END)


def _word(text: str, place: int, word: str) -> int:
    for offset, letter in enumerate(word):
        if place + offset == len(text):
            raise SyntaxProblem(_END)
        if text[place + offset] != letter:
            raise _invalid(text[place + offset], f"in literal {word} (expecting {_quote_character(letter)})")
    return place + len(word)


def _numeral(text: str, place: int) -> int:
    match = _NUMBER.match(text, place)
    end = match.end() if match else place + 1
    rest = text[end : end + 2]
    if match is None:
        raise _invalid(rest[0], "in numeric literal") if rest else SyntaxProblem(_END)
    if rest[:1] == "." and "." not in match[0] and "e" not in match[0].lower():
        raise _invalid(rest[1], "after decimal point in numeric literal") if rest[1:] else SyntaxProblem(_END)
    if rest[:1] in ("e", "E") and "e" not in match[0].lower():
        follow = text[end + 1 : end + 3].lstrip("+-")
        raise _invalid(follow[0], "in exponent of numeric literal") if follow else SyntaxProblem(_END)
    return end


def _invalid(letter: str, context: str) -> SyntaxProblem:
    return SyntaxProblem(f"invalid character {_quote_character(letter)} {context}")


def _quote_character(letter: str) -> str:
    # Go's scanner works on bytes: of a character beyond ASCII it shows the first byte, as if that were Latin-1.
    letter = chr(letter.encode("utf-8", errors="replace")[0])
    special = {"'": r"'\''", '"': "'\"'", "\n": r"'\n'", "\r": r"'\r'", "\t": r"'\t'", "\\": r"'\\'"}
    if letter in special:
        return special[letter]
    if letter.isprintable():
        return f"'{letter}'"
    return f"'\\x{ord(letter):02x}'" if ord(letter) < 0x80 else f"'\\u{ord(letter):04x}'"


class _Loader(yaml.SafeLoader):
    """YAML 1.1 as go-yaml v2 resolves it: no timestamps, no base-60 numbers, ``y`` and ``n`` are booleans."""


_Loader.yaml_implicit_resolvers = {
    letter: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    ]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)\Z")
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"),
    list("-+0123456789."),
)
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"[yYnN]\Z"), list("yYnN"))
_BOOLEANS = {"y": True, "yes": True, "true": True, "on": True, "n": False, "no": False, "false": False, "off": False}


def _construct_mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    loader.flatten_mapping(node)
    pairs = [(_key(loader, key), loader.construct_object(value, deep=True), key.start_mark.line + 1) for key, value in node.value]
    seen: set[str] = set()
    for key, _, line in pairs:
        if key in seen:
            loader.repeats.append(f'  line {line}: key "{key}" already set in map')  # type: ignore[attr-defined]
        seen.add(key)
    return dict(sorted((key, value) for key, value, _ in pairs))


def _key(loader: _Loader, node: yaml.Node) -> str:
    key = loader.construct_object(node, deep=True)
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, str | int | float):
        return str(key)
    raise SyntaxProblem(f"error converting YAML to JSON: json: unsupported map key of type {type(key).__name__}")


def _construct_integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    text = str(loader.construct_scalar(node)).replace("_", "")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.lstrip("+"))
    base = 0 if digits[:2].lower() in ("0x", "0b", "0o") else 8 if len(digits) > 1 and digits[0] == "0" else 10
    return sign * int(digits, base)


def _construct_boolean(loader: _Loader, node: yaml.ScalarNode) -> bool:
    return _BOOLEANS[str(loader.construct_scalar(node)).lower()]


def _construct_float(loader: _Loader, node: yaml.ScalarNode) -> float:
    text = str(loader.construct_scalar(node))
    if re.search("inf|nan", text.lower()):
        raise SyntaxProblem(f"error converting YAML to JSON: json: unsupported value: {text}")
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e21 else _number(repr(value))


_Loader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _construct_integer)
_Loader.add_constructor("tag:yaml.org,2002:bool", _construct_boolean)
_Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)


_UNPRINTABLE = re.compile(yaml.reader.Reader.NON_PRINTABLE.pattern + r"|\\u")
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
    object_pairs_hook=_sorted, parse_float=_refuse_constant, parse_int=_integer, parse_constant=_refuse_constant
)


def _refuse_surrogates(text: str, value: Any) -> None:
    """go-yaml, unlike JSON, takes no surrogates, not even in pairs."""
    for escape in _ESCAPE.finditer(text) if _MAY_BE_LONE.search(text) else ():
        if (escape["pair"] or escape["lone"]) and re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False)):
            line = text.count("\n", 0, escape.start())
            where = f"line {line + 1}: " if line else ""
            raise SyntaxProblem(f"error converting YAML to JSON: yaml: {where}found invalid Unicode character escape code")


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
        loader.repeats = []  # type: ignore[attr-defined]
        value = loader.get_data() if loader.check_data() else None  # type: ignore[no-untyped-call]
        _refuse_surrogates(text, value)
        return value, loader.repeats  # type: ignore[attr-defined]
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise SyntaxProblem(f"error converting YAML to JSON: yaml: {line}{error.problem}") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        message = error if isinstance(error, SyntaxProblem) else f"error converting YAML to JSON: yaml: {error}"
        raise SyntaxProblem(str(message)) from None
