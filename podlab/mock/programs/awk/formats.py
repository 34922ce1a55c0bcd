"""printf and sprintf, and numbers as text."""

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from podlab.mock.programs.awk.lexer import AwkError
from podlab.mock.programs.awk.values import Value, integer, is_integral, is_numeric, number

_DIRECTIVE: Final = re.compile(r"%(?!%)([^a-zA-Z*]*)(.?)|%(%)", re.DOTALL)
_WIDTH: Final = re.compile(r"[-+ #0']*[0-9]*(?:\.[0-9]*)?")
_MASK: Final = 0xFFFFFFFF
INTEGERS: Final = "diouxX"
FLOATS: Final = "eEfFgGaA"
LETTERS: Final = INTEGERS + FLOATS + "cs"

Piece = str | tuple[str, str]


@lru_cache(maxsize=512)
def parse_format(template: str) -> tuple[Piece, ...]:
    """Cuts a format into text and directives (what stands between `%` and the letter, and the letter)."""
    pieces: list[Piece] = []
    at = 0
    while (found := template.find("%", at)) >= 0:
        match = _DIRECTIVE.match(template, found)
        assert match is not None
        pieces.append(template[at:found])
        flags, letter, percent = match.groups()
        if letter == "*":
            raise AwkError("%*x formats are not supported", 0)
        if percent:
            pieces.append("%")
        elif letter:
            pieces.append((flags, letter))
        else:
            pieces.append(match[0])
        at = match.end()
    pieces.append(template[at:])
    return tuple(piece for piece in pieces if piece)


def format_values(template: str, values: list[Value], text: Callable[[Value], str]) -> str:
    """What sprintf makes of values; missing ones are empty. `text` makes a string of a value."""
    out = []
    index = 0
    for piece in parse_format(template):
        if isinstance(piece, str):
            out.append(piece)
            continue
        value: Value = values[index] if index < len(values) else ""
        index += 1
        flags, letter = piece
        out.append(_format(flags, letter, value, text))
    return "".join(out)


def _format(flags: str, letter: str, value: Value, text: Callable[[Value], str]) -> str:
    """A value as one directive prints it. What looks like several is handed to C's printf as it is."""
    if letter not in LETTERS:
        return f"%{flags}{letter}"
    if "%" in flags:
        first, _, rest = flags.partition("%")
        if not _WIDTH.fullmatch(first):
            return f"%{first}{_format(rest, letter, value, text)}"
        between, percent, rest = rest.partition("%")
        return f"%{between}{_format(rest, letter, value, text) if percent else letter}"
    if letter == "s":
        return f"%{flags}s" % text(value) if flags else text(value)
    if letter == "c":
        return f"%{flags}s" % _character(value)
    return format_number(flags, letter, number(value))


def _character(value: Value) -> str:
    if isinstance(value, float) or (type(value) is not str and is_numeric(value)):
        return chr(integer(number(value)) & 255)
    return value[:1] or "\0"


def format_number(flags: str, letter: str, value: float) -> str:
    """A number as one directive prints it."""
    if letter in INTEGERS and not integer(value) and flags.endswith((".", ".0")):
        return f"%{flags.partition('.')[0]}s" % ("+" if "+" in flags and letter in "di" else "")
    if letter in "di":
        return f"%{flags}d" % integer(value)
    if letter in "ouxX":
        flags = flags.replace("+", "").replace(" ", "")
        if letter == "u":
            letter = "d"
        text: str = f"%{flags}{letter}" % (integer(value) & _MASK)
        return text.replace("0o", "0", 1) if "#" in flags and letter == "o" else text
    if letter in "aA" and math.isfinite(value):
        sign = "" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
        digits = sign + re.sub(r"\.?0*p", "p", value.hex(), count=1)
        return f"%{flags.replace('+', '').replace(' ', '')}s" % (digits if letter == "a" else digits.upper())
    if not math.isfinite(value):
        shown = "nan" if math.isnan(value) else "inf"
        shown = shown.upper() if letter.isupper() else shown
        if math.copysign(1.0, value) < 0:
            shown = "-" + shown
        elif "+" in flags:
            shown = "+" + shown
        elif " " in flags:
            shown = " " + shown
        width = re.sub(r"\..*", "", flags).lstrip("+ #0-")
        return f"%{'-' if '-' in flags else ''}{width}s" % shown
    return str(f"%{flags}{letter}" % value)


def number_text(value: float, template: str) -> str:
    """A number as a string: an integer in full, else by CONVFMT or OFMT. Raises AwkError for a format that is none."""
    if is_integral(value):
        return str(int(value))
    if template == "%.6g" and math.isfinite(value):
        return f"{value:.6g}"
    letter = template[-1:]
    if letter not in INTEGERS and letter not in FLOATS:
        raise AwkError("Invalid format specifier", 0)
    match = _DIRECTIVE.search(template)
    if match is None or match[1] is None or "%" in match[1] or not match[2] or match[2] not in INTEGERS + FLOATS:
        return template
    return template[: match.start()] + format_number(match[1], match[2], value) + template[match.end() :]
