"""Decimal numbers of any size with a scale, as bc and dc calculate with them: what does not fit the scale is cut off."""

from dataclasses import dataclass
from math import isqrt
from typing import Final

MOST_DIGITS: Final = 20_000
"""A number that grows beyond this ends the program: it would hold the whole mock up."""
_WORD_BITS: Final = 64
DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ONE_DIGIT: Final = 16
"""Bases up to this show each digit as one character."""


class CalcError(Exception):
    """Ends the calculation with a message."""


@dataclass(frozen=True, slots=True)
class Number:
    """`value` times ten to the minus `scale`."""

    value: int
    scale: int = 0

    def rescaled(self, scale: int) -> "Number":
        """With another number of decimals; those that are too many are cut off."""
        if scale >= self.scale:
            return Number(self.value * 10 ** (scale - self.scale), scale)
        return Number(_cut(self.value, 10 ** (self.scale - scale)), scale)

    def __bool__(self) -> bool:
        return self.value != 0

    def integer(self) -> int:
        """Without its decimals."""
        return _cut(self.value, 10**self.scale)

    def unsigned(self) -> int:
        """Without its decimals, where a machine's number is wanted. Raises CalcError."""
        if self.value < 0:
            raise CalcError("negative number")
        return checked_word(self.integer())


ZERO: Final = Number(0)
ONE: Final = Number(1)


def _cut(value: int, divisor: int) -> int:
    """Divides towards zero."""
    quotient = abs(value) // abs(divisor)
    return quotient if (value < 0) == (divisor < 0) else -quotient


def checked_word(value: int) -> int:
    """The number itself, which a machine's word must hold. Raises CalcError."""
    if abs(value) >> _WORD_BITS:
        raise CalcError("overflow")
    return value


def _checked(value: int, scale: int) -> Number:
    if value.bit_length() > MOST_DIGITS * 3.33:
        raise CalcError("Out of memory")
    return Number(value, scale)


def add(a: Number, b: Number) -> Number:
    """Sum; a zero has no say in its decimals."""
    if not a or not b:
        return a or b
    scale = max(a.scale, b.scale)
    return _checked(a.rescaled(scale).value + b.rescaled(scale).value, scale)


def subtract(a: Number, b: Number) -> Number:
    """Difference."""
    return add(a, Number(-b.value, b.scale))


def multiply(a: Number, b: Number, scale: int) -> Number:
    """Product, with as many decimals as the factors have, or as the scale or one of them has if that is less."""
    whole = _checked(a.value * b.value, a.scale + b.scale)
    return whole.rescaled(min(a.scale + b.scale, max(scale, a.scale, b.scale)))


def divide(a: Number, b: Number, scale: int) -> Number:
    """Quotient. Raises CalcError."""
    if not b:
        raise CalcError("divide by zero")
    return _checked(_cut(a.value * 10 ** (scale + b.scale), b.value * 10**a.scale), scale)


def remainder(a: Number, b: Number, scale: int) -> Number:
    """What division to the scale leaves. Raises CalcError."""
    quotient = divide(a, b, scale)
    exact = Number(quotient.value * b.value, quotient.scale + b.scale)
    return subtract(a, exact).rescaled(max(scale + b.scale, a.scale))


def power(a: Number, b: Number, scale: int) -> Number:
    """A power with a whole exponent. Raises CalcError."""
    if b.scale and b.value % 10**b.scale:
        raise CalcError("not an integer")
    if not b:
        return ONE
    if not a:
        return Number(0, scale)
    exponent = checked_word(b.integer())
    if a.value.bit_length() * abs(exponent) > MOST_DIGITS * 4:
        raise CalcError("Out of memory")
    if exponent < 0:
        return divide(ONE, power(a, Number(-exponent), 1 << 30), scale)
    return Number(a.value**exponent, a.scale * exponent).rescaled(min(a.scale * exponent, max(scale, a.scale)))


def square_root(a: Number, scale: int) -> Number:
    """Root. Raises CalcError."""
    if a.value < 0:
        raise CalcError("negative number")
    if not a:
        return Number(0, scale)
    scale = max(scale, a.scale)
    return Number(isqrt(a.rescaled(2 * scale).value), scale)


def compare(a: Number, b: Number) -> int:
    """-1, 0 or 1."""
    difference = subtract(a, b).value
    return (difference > 0) - (difference < 0)


def parse(text: str, base: int) -> Number:
    """Reads a number in a base; a digit that the base has not counts as its highest, alone as what it is."""
    whole, _, fraction = text.lstrip("0").partition(".")
    digits = [DIGITS.index(char) for char in whole + fraction]
    if len(digits) > 1 or fraction:
        digits = [min(digit, base - 1) for digit in digits]
    value = 0
    for digit in digits:
        value = value * base + digit
    if base != 10:
        value = value * 10 ** len(fraction) // base ** len(fraction)
    return Number(value, len(fraction)) if value else ZERO


def show(number: Number, base: int) -> str:
    """Writes a number in a base: no zero before the point, digits of large bases in decimal, apart."""
    if not number:
        return "0"
    sign = "-" if number.value < 0 else ""
    whole, fraction = divmod(abs(number.value), 10**number.scale)
    if base == 10:
        return f"{sign}{whole or ''}" + (f".{fraction:0{number.scale}d}" if number.scale else "")
    decimals = _fraction(fraction, number.scale, base)
    return sign + (_digits(whole, base) if whole else "") + ("." + decimals.removeprefix(" ") if decimals else "")


def _digit(value: int, base: int) -> str:
    return DIGITS[value] if base <= _ONE_DIGIT else f" {value:0{len(str(base - 1))}d}"


def _digits(value: int, base: int) -> str:
    out: list[str] = []
    while value or not out:
        value, digit = divmod(value, base)
        out.append(_digit(digit, base))
    return "".join(reversed(out))


def _fraction(fraction: int, scale: int, base: int) -> str:
    out, unit, reach = [], 10**scale, 1
    while reach < unit:
        digit, fraction = divmod(fraction * base, unit)
        out.append(_digit(digit, base))
        reach *= base
    return "".join(out)


def wrapped(text: str, width: int) -> str:
    """Breaks a long number with backslashes, as both programs do; a width of 0 does not."""
    size = width - 2
    if size <= 0 or len(text) <= size + 1:
        return text
    return "\\\n".join(text[at : at + size] for at in range(0, len(text), size))
