"""Operators, sizes and conversions: CEL's standard library on single values (`times` has those of moments)."""

import operator
import re
from collections.abc import Callable
from typing import Any, Final

from podlab.mock.api.cel.library import function
from podlab.mock.api.cel.problems import CelError, no_overload
from podlab.mock.api.cel.times import moment, show_duration, show_timestamp
from podlab.mock.api.cel.values import (
    SECOND,
    Duration,
    Timestamp,
    TypeValue,
    UInt,
    Value,
    equal,
    is_number,
    ranged,
    type_name,
)

_SCALARS: Final = ("int", "uint", "double")
_ORDERED: Final = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")


def _same_numbers(left: Value, right: Value) -> bool:
    return is_number(left) and type_name(left) == type_name(right)


@function(
    "_+_", *(f"({each},{each}){each}" for each in (*_SCALARS, "string", "bytes", "duration")),
    "(list(A),list(A))list(A)", "(timestamp,duration)timestamp", "(duration,timestamp)timestamp",
)  # fmt: skip
def add(left: Value, right: Value) -> Value:
    """A sum, or two things one after the other."""
    if _same_numbers(left, right):
        return left + right if isinstance(left, float) else ranged(int(left) + int(right), isinstance(left, UInt))
    if isinstance(left, Duration | Timestamp) and isinstance(right, Duration | Timestamp):
        if isinstance(left, Duration) and isinstance(right, Duration):
            return Duration(ranged(left.ns + right.ns, False))
        return moment(left.ns + right.ns)
    if type(left) is type(right) and isinstance(left, str | bytes | list):
        return left + right
    raise no_overload()


@function(
    "_-_", *(f"({each},{each}){each}" for each in (*_SCALARS, "duration")),
    "(timestamp,timestamp)duration", "(timestamp,duration)timestamp",
)  # fmt: skip
def subtract(left: Value, right: Value) -> Value:
    """A difference."""
    if _same_numbers(left, right):
        return left - right if isinstance(left, float) else ranged(int(left) - int(right), isinstance(left, UInt))
    if isinstance(left, Timestamp) and isinstance(right, Duration):
        return moment(left.ns - right.ns)
    if type(left) is type(right) and isinstance(left, Duration | Timestamp):
        return Duration(ranged(left.ns - right.ns, False))
    raise no_overload()


@function("_*_", *(f"({each},{each}){each}" for each in _SCALARS))
def multiply(left: Value, right: Value) -> Value:
    """A product."""
    if not _same_numbers(left, right):
        raise no_overload()
    return left * right if isinstance(left, float) else ranged(int(left) * int(right), isinstance(left, UInt))


@function("_/_", *(f"({each},{each}){each}" for each in _SCALARS))
def divide(left: Value, right: Value) -> Value:
    """A quotient; of whole numbers, cut off towards zero."""
    if not _same_numbers(left, right):
        raise no_overload()
    if isinstance(left, float):
        if right:
            return left / right
        return float("nan") if left == 0 or left != left else float("inf") * (1 if left > 0 else -1)
    if not right:
        raise CelError("division by zero")
    quotient = abs(int(left)) // abs(int(right))
    return ranged(quotient if (left < 0) == (right < 0) else -quotient, isinstance(left, UInt))


@function("_%_", "(int,int)int", "(uint,uint)uint")
def remainder(left: Value, right: Value) -> Value:
    """What a division leaves, with the sign of the dividend."""
    if not _same_numbers(left, right) or isinstance(left, float):
        raise no_overload()
    if not right:
        raise CelError("modulus by zero")
    rest = abs(int(left)) % abs(int(right))
    return ranged(-rest if left < 0 else rest, isinstance(left, UInt))


@function("-_", "(int)int", "(double)double")
def negate(value: Value) -> Value:
    """The opposite number."""
    if not is_number(value) or isinstance(value, UInt):
        raise no_overload()
    return -value if isinstance(value, float) else ranged(-value, False)


@function("!_", "(bool)bool")
def invert(value: Value) -> Value:
    """Not."""
    if not isinstance(value, bool):
        raise no_overload()
    return not value


@function("_==_", "(A,A)bool")
def equals(left: Value, right: Value) -> bool:
    """Equality, as deep as the values are."""
    return equal(left, right)


@function("_!=_", "(A,A)bool")
def differs(left: Value, right: Value) -> bool:
    """Inequality."""
    return not equal(left, right)


def compare(left: Value, right: Value, test: Callable[[Any, Any], bool] = operator.lt) -> bool:
    """The order of two values of one type, or of two numbers."""
    comparable = isinstance(left, bool | str | bytes | Timestamp | Duration) and type(left) is type(right)
    if not comparable and not (is_number(left) and is_number(right)):
        raise no_overload()
    if isinstance(left, str):
        return test(left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass"))
    return test(left, right)


_COMPARED: Final = tuple(f"({each},{each})bool" for each in _ORDERED) + tuple(
    f"({left},{right})bool" for left in _SCALARS for right in _SCALARS if left != right
)
for _name, _test in (("_<_", operator.lt), ("_<=_", operator.le), ("_>_", operator.gt), ("_>=_", operator.ge)):
    function(_name, *_COMPARED)(lambda left, right, test=_test: compare(left, right, test))


@function("@in", "(A,list(A))bool", "(A,map(A,B))bool")
def contained(value: Value, whole: Value) -> bool:
    """Whether a list has an element, or a map a key."""
    if isinstance(whole, dict):
        return any(equal(value, key) for key in whole) if not isinstance(value, str) else value in whole
    if isinstance(whole, list):
        return any(equal(value, each) for each in whole)
    raise no_overload()


def at(whole: Value, key: Value) -> Value:
    """An element of a list, or the value of a key."""
    if isinstance(whole, dict):
        found = [value for each, value in whole.items() if equal(each, key)] if not isinstance(key, str) else []
        if isinstance(key, str) and key in whole:
            return whole[key]
        if not found:
            raise CelError(f"no such key: {key}")
        return found[0]
    if isinstance(whole, list) and is_number(key) and key == int(key):
        if not 0 <= key < len(whole):
            raise CelError(f"index out of bounds: {int(key)}")
        return whole[int(key)]
    raise no_overload()


function("_[_]", "(list(A),int)A", "(map(A,B),A)B")(at)


@function("size", *(f"({each})int" for each in ("string", "bytes", "list(A)", "map(A,B)")),
          *(f"{each}.()int" for each in ("string", "bytes", "list(A)", "map(A,B)")))  # fmt: skip
def size(value: Value) -> int:
    """How many characters, bytes or elements."""
    if not isinstance(value, str | bytes | list | dict):
        raise no_overload()
    return len(value)


@function("dyn", "(A)dyn")
def dyn(value: Value) -> Value:
    """The value, of a type that is only known as it runs."""
    return value


@function("type", "(A)type(A)")
def type_of(value: Value) -> TypeValue:
    """The type of a value, as a value."""
    return TypeValue(type_name(value))


@function("int", *(f"({each})int" for each in ("int", "uint", "double", "string", "timestamp", "duration")))
def to_int(value: Value) -> int:
    """A whole number."""
    if isinstance(value, str):
        if not re.fullmatch(r"[-+]?[0-9]+", value, re.ASCII):
            raise CelError(f'strconv.ParseInt: parsing "{value}": invalid syntax')
        return ranged(int(value), False)
    if isinstance(value, Timestamp):
        return value.ns // SECOND
    if isinstance(value, Duration):
        return value.ns
    if not is_number(value) or value != value or abs(value) == float("inf"):
        raise CelError("integer overflow") if isinstance(value, float) else no_overload()
    return ranged(int(value), False)


@function("uint", *(f"({each})uint" for each in ("int", "uint", "double", "string")))
def to_uint(value: Value) -> int:
    """A whole number that is not negative."""
    if isinstance(value, str):
        if not re.fullmatch(r"[0-9]+", value, re.ASCII):
            raise CelError(f'strconv.ParseUint: parsing "{value}": invalid syntax')
        return ranged(int(value), True)
    if not is_number(value) or value != value or abs(value) == float("inf"):
        raise CelError("unsigned integer overflow") if isinstance(value, float) else no_overload()
    return ranged(int(value), True)


@function("double", *(f"({each})double" for each in ("int", "uint", "double", "string")))
def to_double(value: Value) -> float:
    """A number with a point."""
    if isinstance(value, str) or is_number(value):
        try:
            return float(value)
        except ValueError:
            raise CelError(f'strconv.ParseFloat: parsing "{value}": invalid syntax') from None
    raise no_overload()


@function("bool", "(bool)bool", "(string)bool")
def to_bool(value: Value) -> bool:
    """True or false."""
    words = {"1": True, "t": True, "true": True, "TRUE": True, "True": True, "T": True}
    words |= {"0": False, "f": False, "false": False, "FALSE": False, "False": False, "F": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in words:
        return words[value]
    raise CelError(f'strconv.ParseBool: parsing "{value}": invalid syntax') if isinstance(value, str) else no_overload()


def _large(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 1e21 else repr(value)


@function(
    "string", *(f"({each})string" for each in ("string", "bool", "int", "uint", "double", "bytes", "timestamp", "duration"))
)
def to_string(value: Value) -> str:
    """A value as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0") if value.is_integer() and abs(value) < 1e16 else _large(value)
    if isinstance(value, bytes):
        try:
            return value.decode()
        except ValueError:
            raise CelError("invalid UTF-8 in bytes, cannot convert to string") from None
    if isinstance(value, Timestamp):
        return show_timestamp(value)
    if isinstance(value, Duration):
        return show_duration(value)
    if isinstance(value, str | int):
        return str(value)
    raise no_overload()


@function("bytes", "(bytes)bytes", "(string)bytes")
def to_bytes(value: Value) -> bytes:
    """Text as UTF-8."""
    if not isinstance(value, str | bytes):
        raise no_overload()
    return value.encode() if isinstance(value, str) else value
