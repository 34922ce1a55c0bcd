"""Bytes to JSON values, with what Go's scanner sees and Python's forgets.

That is: repeated keys, the text of numbers, and the scanner's own words for errors.

`parse_json` gives plain dicts and lists; an object with a repeated key becomes a `Repeated`, a number with a point or exponent a
`Number`. YAML is read in `yamltext`.
"""

import json
import re
from typing import Any, Final

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


def number(text: str) -> Number:
    """A number as it was written."""
    made = Number(text)
    made.text = text
    return made


def integer(text: str) -> int | Number:
    """A whole number; one that is longer than Python reads stays text."""
    return int(text) if len(text) < 400 else number(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    repeated = Repeated(made)
    repeated.pairs = pairs
    return repeated


def refuse_constant(text: str) -> Any:
    """``NaN`` and its like are no JSON."""
    raise ValueError(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=number, parse_int=integer, parse_constant=refuse_constant)


def parse_json(body: bytes) -> Any:
    """The value that ``body`` holds.

    Raises:
        SyntaxProblem: with the words of Go's scanner.
    """
    text = body.decode("utf-8", errors="replace")
    if MAY_BE_LONE.search(text):
        text = ESCAPE.sub(_replace_lone, text)
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise SyntaxProblem("exceeded max depth") from None
    except ValueError:
        raise SyntaxProblem(explain(text)) from None


MAY_BE_LONE: Final = re.compile(r"\\u[dD][89a-fA-F]")
ESCAPE: Final = re.compile(
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
