"""Functions on lists and on values that may be missing."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from podlab.mock.api.cel.library import function
from podlab.mock.api.cel.operators import add, compare
from podlab.mock.api.cel.problems import CelError, no_overload
from podlab.mock.api.cel.values import Optional, Value, equal

_SUMMED: Final = ("int", "uint", "double", "duration")
_ORDERED: Final = (*_SUMMED, "bool", "string", "bytes", "timestamp")


def _a_list(value: Value) -> list[Any]:
    if not isinstance(value, list):
        raise no_overload()
    return value


@function("isSorted", *(f"list({each}).()bool" for each in _ORDERED))
def is_sorted(values: Value) -> bool:
    """Whether no element is less than the one before it."""
    found = _a_list(values)
    return not any(compare(after, before) for before, after in pairwise(found))


@function("sum", *(f"list({each}).(){each}" for each in _SUMMED))
def total(values: Value) -> Value:
    """All elements added up."""
    found = _a_list(values)
    if not found:
        return 0
    result = found[0]
    for each in found[1:]:
        result = add(result, each)
    return result


def _extreme(name: str, better: Callable[[Value, Value], bool]) -> None:
    @function(name, *(f"list({each}).(){each}" for each in _ORDERED))
    def extreme(values: Value) -> Value:
        found = _a_list(values)
        if not found:
            raise CelError(f"{name} called on empty list")
        result = found[0]
        for each in found[1:]:
            result = each if better(each, result) else result
        return result


_extreme("min", lambda each, best: compare(each, best))
_extreme("max", lambda each, best: compare(best, each))


def _among(value: Value, values: list[Any]) -> bool:
    return any(equal(value, each) for each in values)


@function("sets.contains", "(list(A),list(A))bool")
def sets_contains(whole: Value, part: Value) -> bool:
    """Whether every element of the second is in the first."""
    return all(_among(each, _a_list(whole)) for each in _a_list(part))


@function("sets.equivalent", "(list(A),list(A))bool")
def sets_equivalent(left: Value, right: Value) -> bool:
    """Whether both have the same elements."""
    return bool(sets_contains(left, right) and sets_contains(right, left))


@function("sets.intersects", "(list(A),list(A))bool")
def sets_intersects(left: Value, right: Value) -> bool:
    """Whether an element is in both."""
    return any(_among(each, _a_list(right)) for each in _a_list(left))


@function("optional.of", "(A)optional_type(A)")
def optional_of(value: Value) -> Optional:
    """A value that is there."""
    return Optional(value, True)


@function("optional.none", "()optional_type(A)")
def optional_none() -> Optional:
    """A value that is missing."""
    return Optional()


@function("optional.ofNonZeroValue", "(A)optional_type(A)")
def optional_of_non_zero(value: Value) -> Optional:
    """A value that is there if it is not empty, zero or false."""
    return Optional(value, True) if value else Optional()


def _an_optional(value: Value) -> Optional:
    if not isinstance(value, Optional):
        raise no_overload()
    return value


@function("hasValue", "optional_type(A).()bool")
def has_value(value: Value) -> bool:
    """Whether it is there."""
    there: bool = _an_optional(value).there
    return there


@function("value", "optional_type(A).()A")
def value_of(value: Value) -> Value:
    """The value, which must be there."""
    if not _an_optional(value).there:
        raise CelError("optional.none() dereference")
    return value.value


@function("orValue", "optional_type(A).(A)A")
def or_value(value: Value, other: Value) -> Value:
    """The value, or another one if it is missing."""
    return value.value if _an_optional(value).there else other


@function("or", "optional_type(A).(optional_type(A))optional_type(A)")
def or_optional(value: Value, other: Value) -> Optional:
    """The first of two that is there."""
    return value if _an_optional(value).there else _an_optional(other)
