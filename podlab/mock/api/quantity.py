"""Kubernetes quantities: exact arithmetic, and the canonical spelling that the server gives back.

A quantity is a decimal number with a suffix: ``100m``, ``1.5Gi``, ``2e3``. Its *format* (binary, decimal, exponent) is
remembered, so that ``0.5Gi`` comes back as ``512Mi`` and ``0.1`` as ``100m``. Precision ends at nano; what is finer is rounded
up, away from zero. Stored objects hold quantities as canonical strings; this module is what reads them.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal, localcontext
from fractions import Fraction
from functools import lru_cache, total_ordering
from typing import Final, Self

FORMAT_WRONG: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
SUFFIX_WRONG: Final = "unable to parse quantity's suffix"

_BINARY: Final = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL: Final = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY_BY_POWER: Final = {power: suffix for suffix, power in _BINARY.items()} | {0: ""}
_DECIMAL_BY_POWER: Final = {power: suffix for suffix, power in _DECIMAL.items()}
_SHAPE: Final = re.compile(r"[+-]?([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII)
_EXPONENT: Final = re.compile(r"[eE]([+-]?[0-9]+)", re.ASCII)
_MAXIMUM: Final = 2**63 - 1
_DIGITS: Final = 400
"""Longer numbers and exponents are cut off here: no resource is that large, and arithmetic stays quick."""
NANO: Final = 10**9


class QuantityError(ValueError):
    """The text is not a quantity; the message is the server's."""


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An exact amount in nano-units, and how it likes to be written.

    Attributes:
        nanos: the amount times 10**9.
        style: ``BinarySI``, ``DecimalSI`` or ``DecimalExponent``.
    """

    nanos: int
    style: str = "DecimalSI"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a quantity.

        Raises:
            QuantityError: the text is not one.
        """
        return cls(*_parse(text))

    @classmethod
    def of(cls, units: int, style: str = "DecimalSI") -> Self:
        """That many whole units."""
        return cls(units * NANO, style)

    @property
    def value(self) -> int:
        """Whole units, rounded up (Go's ``Value()``)."""
        return -(-self.nanos // NANO)

    @property
    def millis(self) -> int:
        """Thousandths, rounded up (Go's ``MilliValue()``)."""
        return -(-self.nanos // 10**6)

    def rounded_up_to_millis(self) -> "Quantity":
        """The defaults of a ResourceList: nothing finer than a thousandth."""
        sign = -1 if self.nanos < 0 else 1
        return Quantity(sign * -(-abs(self.nanos) // 10**6) * 10**6, self.style)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.nanos + other.nanos, self.style if self.nanos else other.style)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.nanos - other.nanos, self.style if self.nanos else other.style)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.nanos == other.nanos

    def __lt__(self, other: "Quantity") -> bool:
        return self.nanos < other.nanos

    def __hash__(self) -> int:
        return hash(self.nanos)

    def __str__(self) -> str:
        return _render(self.nanos, self.style)


@lru_cache(maxsize=4096)
def canonical(text: str) -> str:
    """The server's spelling of the quantity ``text``.

    >>> canonical("0.5Gi"), canonical("0.1"), canonical("1000m")
    ('512Mi', '100m', '1')

    Raises:
        QuantityError: not a quantity.
    """
    number = _split(text)
    return text if _is_kept(*number) else str(Quantity.parse(text))


def _is_kept(whole: str, fraction: str, suffix: str) -> bool:
    """Whether Go keeps the client's own spelling: what its fast path takes for canonical (``1E3``, ``1.500``, ``+5`` as well)."""
    digits = whole + fraction
    if suffix in _BINARY:
        power = _BINARY[suffix]
        return not fraction and len(whole) + int(power * 0.3) <= 14 and int(whole) & 7 != 0
    scale = (_DECIMAL[suffix] if suffix in _DECIMAL else _exponent(suffix)) - len(fraction)
    return len(digits) <= 18 and scale >= -9 and scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"


@lru_cache(maxsize=4096)
def _parse(text: str) -> tuple[int, str]:
    whole, fraction, suffix = _split(text)
    if suffix in _BINARY:
        scale, style = Fraction(2 ** _BINARY[suffix]), "BinarySI"
    elif suffix in _DECIMAL:
        scale, style = Fraction(10) ** _DECIMAL[suffix], "DecimalSI"
    else:
        scale, style = Fraction(10) ** max(-_DIGITS, min(_exponent(suffix), _DIGITS)), "DecimalExponent"
    number = Fraction(int((whole + fraction)[:_DIGITS]), 10 ** len(fraction[:_DIGITS])) * scale * NANO
    nanos = -(-number.numerator // number.denominator)
    if style == "BinarySI":
        nanos = min(nanos, _MAXIMUM * NANO)
        if 0 < nanos < NANO:
            style = "DecimalSI"
    return (-nanos if text.startswith("-") else nanos), style


def _split(text: str) -> tuple[str, str, str]:
    """The digits before and after the point (no leading zeros, but one digit before) and the suffix, as Go's parser cuts them."""
    if not text:
        raise QuantityError(FORMAT_WRONG)
    match = _SHAPE.fullmatch(text)
    if not match:
        raise QuantityError(FORMAT_WRONG)
    whole, fraction, suffix = (part or "" for part in match.groups())
    if suffix not in _BINARY and suffix not in _DECIMAL:
        _exponent(suffix)
    return whole.lstrip("0") or "0", fraction, suffix


def _exponent(suffix: str) -> int:
    match = _EXPONENT.fullmatch(suffix)
    if not match or len(match[1]) > 12:
        raise QuantityError(SUFFIX_WRONG)
    return int(match[1])


def _render(nanos: int, style: str) -> str:
    if nanos == 0:
        return "0"
    sign, amount = ("-", -nanos) if nanos < 0 else ("", nanos)
    if style == "BinarySI" and amount % NANO == 0 and amount >= 1024 * NANO:
        units, power = amount // NANO, 0
        while units % 1024 == 0 and power < 60:
            units, power = units // 1024, power + 10
        return f"{sign}{units}{_BINARY_BY_POWER[power]}"
    power = -9
    while amount % 1000 == 0 and power < 18:
        amount, power = amount // 1000, power + 3
    if style == "DecimalExponent":
        return f"{sign}{amount}e{power}" if power else f"{sign}{amount}"
    return f"{sign}{amount}{_DECIMAL_BY_POWER[power]}"


def divide_up(quantity: Quantity, divisor: Quantity) -> int:
    """How many divisors, rounded up: what ``resourceFieldRef`` shows.

    >>> divide_up(Quantity.parse("100m"), Quantity.parse("1"))
    1
    """
    with localcontext() as context:
        context.prec = 60
        ratio = Decimal(quantity.nanos) / Decimal(divisor.nanos or NANO)
        return int(ratio.to_integral_value(ROUND_CEILING))
