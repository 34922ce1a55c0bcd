"""The functions of bc's library: sine, cosine, arc tangent, logarithm and exponential, by Python's decimal arithmetic."""

from collections.abc import Callable
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final

from podlab.mock.programs.calc.number import CalcError, Number

_SPARE: Final = 12
_MOST: Final = 2_000
"""More decimals than these are refused: they would hold the whole mock up."""


def _decimal(number: Number) -> Decimal:
    return Decimal(number.value).scaleb(-number.scale, Context(prec=len(str(number.value)) + 2))


def _context(number: Number, scale: int) -> Context:
    if scale > _MOST:
        raise CalcError(f"more than {_MOST} decimals of a function are not modelled by podlab")
    return Context(prec=scale + len(str(abs(number.integer()))) + _SPARE, rounding=ROUND_DOWN)


def _number(value: Decimal, scale: int) -> Number:
    cut = value.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_DOWN, context=Context(prec=1 << 14))
    return Number(int(cut.scaleb(scale, Context(prec=1 << 14))), scale)


def _series(context: Context, term: Decimal, square: Decimal, step: Callable[[int], int]) -> Decimal:
    """Sums a series whose next term is the last one times `square` over `step(n)`."""
    total, index = term, 1
    small = Decimal(1).scaleb(-context.prec)
    while abs(term) > small:
        term = context.divide(context.multiply(term, square), Decimal(step(index)))
        total = context.add(total, term)
        index += 1
    return total


def _pi(context: Context) -> Decimal:
    return context.multiply(Decimal(4), _arc_tangent(context, Decimal(1)))


def _reduced(context: Context, x: Decimal) -> Decimal:
    turn = context.multiply(Decimal(2), _pi(context))
    return context.subtract(x, context.multiply(turn, context.divide(x, turn).to_integral_value()))


def sine(x: Number, scale: int) -> Number:
    """s(x)."""
    context = _context(x, scale)
    angle = _reduced(context, _decimal(x))
    square = context.minus(context.multiply(angle, angle))
    return _number(_series(context, angle, square, lambda n: 2 * n * (2 * n + 1)), scale)


def cosine(x: Number, scale: int) -> Number:
    """c(x)."""
    context = _context(x, scale)
    angle = _reduced(context, _decimal(x))
    square = context.minus(context.multiply(angle, angle))
    return _number(_series(context, Decimal(1), square, lambda n: 2 * n * (2 * n - 1)), scale)


def _arc_tangent(context: Context, x: Decimal) -> Decimal:
    halvings = 0
    while abs(x) > Decimal("0.1"):
        root = context.sqrt(context.add(Decimal(1), context.multiply(x, x)))
        x = context.divide(x, context.add(Decimal(1), root))
        halvings += 1
    square, power, total, index = context.multiply(x, x), x, x, 1
    small = Decimal(1).scaleb(-context.prec)
    while abs(power) > small:
        power = context.minus(context.multiply(power, square))
        total = context.add(total, context.divide(power, Decimal(2 * index + 1)))
        index += 1
    return context.multiply(total, Decimal(2**halvings))


def arc_tangent(x: Number, scale: int) -> Number:
    """a(x)."""
    return _number(_arc_tangent(_context(x, scale), _decimal(x)), scale)


def logarithm(x: Number, scale: int) -> Number:
    """l(x); of what is not positive, the number of as many nines as the scale allows."""
    if x.value <= 0:
        return Number((1 - 10**scale) * 10**scale, scale) if scale else Number(0)
    return _number(_context(x, scale).ln(_decimal(x)), scale)


def exponential(x: Number, scale: int) -> Number:
    """e(x)."""
    if x.integer() > _MOST:
        raise CalcError("Out of memory")
    context = Context(prec=scale + _SPARE + max(int(x.integer() / 2), 0), rounding=ROUND_DOWN)
    return _number(context.exp(_decimal(x)), scale)


LIBRARY: Final[dict[str, Callable[[Number, int], Number]]] = {
    "s": sine, "c": cosine, "a": arc_tangent, "l": logarithm, "e": exponential,
}  # fmt: skip
