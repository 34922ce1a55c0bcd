"""expr: arithmetic, comparison, and strings, by operands."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import LLONG_MAX, LLONG_MIN
from podlab.mock.programs.regex import RegexError, compile_regex
from podlab.mock.programs.streams import to_bytes, to_text

LEVELS = (("|",), ("&",), ("<", "<=", "=", "==", "!=", ">=", ">"), ("+", "-"), ("*", "/", "%"), (":",))
MASK = (1 << 64) - 1


class _Expression:
    """A parser that evaluates as it goes. Values are texts; a number is a text that is one."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.words = call.operands
        self.place = 0
        self.warnings: list[str] = []

    def whole(self) -> str:
        value = self._level(0)
        if self.place < len(self.words):
            self.call.die("syntax error", 2)
        return value

    def _next(self) -> str | None:
        return self.words[self.place] if self.place < len(self.words) else None

    def _level(self, depth: int) -> str:
        if depth == len(LEVELS):
            return self._primary()
        left = self._level(depth + 1)
        while (word := self._next()) in LEVELS[depth]:
            assert word is not None
            self.place += 1
            left = self._apply(word, left, self._level(depth + 1))
        return left

    def _primary(self) -> str:
        word = self._next()
        if word is None:
            self.call.die("syntax error", 2)
        self.place += 1
        if word == "(":
            value = self._level(0)
            if self._next() != ")":
                self.call.die("syntax error", 2)
            self.place += 1
            return value
        if word in ("quote", "length", "match", "index", "substr") and self._next() is not None:
            return self._function(word)
        if word in {op for level in LEVELS for op in level} | {")"}:
            self.call.die("syntax error", 2)
        return word

    def _function(self, word: str) -> str:
        if word == "quote":
            self.place += 1
            return self.words[self.place - 1]
        text = self._level(len(LEVELS) - 1 + 1)
        if word == "length":
            return str(len(to_bytes(text)))
        other = self._level(len(LEVELS))
        if word == "match":
            return self._match(text, other)
        if word == "index":
            chars = to_bytes(other)
            return str(next((place for place, byte in enumerate(to_bytes(text), 1) if byte in chars), 0))
        length = self._level(len(LEVELS))
        start, count = _integer(other), _integer(length)
        if start is None or count is None or start <= 0 or count <= 0:
            return ""
        return to_text(to_bytes(text)[start - 1 : start - 1 + count])

    def _apply(self, operator: str, left: str, right: str) -> str:
        if operator == "|":
            return left if _true(left) else right
        if operator == "&":
            return left if _true(left) and _true(right) else "0"
        if operator == ":":
            return self._match(left, right)
        a, b = _integer(left), _integer(right)
        if operator in ("+", "-", "*", "/", "%"):
            if a is None or b is None:
                self.call.die("non-numeric argument", 2)
            return self._calculate(operator, a, b)
        x, y = (a, b) if a is not None and b is not None else (to_bytes(left), to_bytes(right))
        return str(int(_compare(operator, x, y)))

    def _calculate(self, operator: str, a: int, b: int) -> str:
        if operator in "/%":
            if b == 0:
                self.call.die("division by zero", 2)
            quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
            value = quotient if operator == "/" else a - b * quotient
        else:
            value = {"+": a + b, "-": a - b, "*": a * b}[operator]
        value &= MASK
        return str(value - (1 << 64) if value >> 63 else value)

    def _match(self, text: str, pattern: str) -> str:
        data = to_bytes(text)
        if pattern.startswith("^"):
            self.warnings.append(
                f"warning: '{pattern}': using '^' as the first character\n"
                "of a basic regular expression is not portable; it is ignored"
            )
        try:
            regex = compile_regex(to_bytes(pattern), False)
            spans = regex.search(data)
        except RegexError as error:
            self.call.die(f"bad regex '{pattern}': {error}", 2)
        if spans is None or spans[0][0] != 0:
            return "" if regex.groups else "0"
        first = regex.with_groups(data, spans)[1] if regex.groups else (-1, -1)
        return to_text(data[first[0] : first[1]]) if first[0] >= 0 else str(spans[0][1])


_NUMBER: Final = re.compile(r"[ \t\n\v\f\r]*([-+]?[0-9]+)", re.ASCII)


def _integer(text: str) -> int | None:
    match = _NUMBER.fullmatch(text)
    return max(LLONG_MIN, min(int(match[1]), LLONG_MAX)) if match else None


def _true(text: str) -> bool:
    number = _integer(text)
    return number != 0 if number is not None else bool(text)


def _compare(operator: str, a: int | bytes, b: int | bytes) -> bool:
    order = (a > b) - (a < b)  # type: ignore[operator]
    return {
        "<": order < 0,
        "<=": order <= 0,
        "=": order == 0,
        "==": order == 0,
        "!=": order != 0,
        ">=": order >= 0,
        ">": order > 0,
    }[operator]


@applet("expr", None, error_code=2)
async def expr(call: Call) -> int:
    """Evaluates its arguments. Exit code 1 when the result is empty or 0."""
    if not call.operands:
        call.die("too few arguments", 2)
    expression = _Expression(call)
    try:
        value = expression.whole()
    finally:
        for warning in expression.warnings:
            await call.warn(warning)
    await call.out.write_text(value + "\n")
    return int(not _true(value))
