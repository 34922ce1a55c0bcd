"""Arithmetic: C's operators on 64 bits, and ash's own ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.shell.arithmetic import evaluate, wrap
from podlab.mock.shell.errors import ShellError


class Table(dict[str, str]):
    """Variables."""

    def set(self, name: str, value: str) -> None:
        """Sets one."""
        self[name] = value


def value(text: str, **variables: str) -> int:
    return evaluate(text, Table(variables))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0),
        ("1+2*3", 7),
        ("(1+2)*3", 9),
        ("-7/2", -3),
        ("-7%3", -1),
        ("2**3**2", 512),
        ("-2**2", 4),
        ("1<<63", -(1 << 63)),
        ("9223372036854775807+1", -(1 << 63)),
        ("0x1F", 31),
        ("017", 15),
        ("2#1011", 11),
        ("64#_", 63),
        ("1?2:3", 2),
        ("0?1:0?2:3", 3),
        ("1,2,3", 3),
        ("!5", 0),
        ("~5", -6),
        ("- -3", 3),
        ("--3", 3),
        ("1==1&1", 1),
        ("5&3|8^1", 9),
    ],
)
def test_expressions(text: str, expected: int) -> None:
    assert value(text) == expected


def test_names_are_evaluated_as_expressions() -> None:
    assert value("a*2", a="b+1", b="4") == 10
    assert value("undefined+1") == 1


def test_assignments_set_variables() -> None:
    table = Table(x="5")
    assert evaluate("x+=3, y=x++ * 2", table) == 16  # type: ignore[arg-type]
    assert table == {"x": "9", "y": "16"}


def test_both_sides_of_or_are_evaluated() -> None:
    table = Table()
    assert evaluate("1 || (x=5)", table) == 1  # type: ignore[arg-type]
    assert table["x"] == "5"


def test_only_one_branch_of_a_conditional_is_evaluated() -> None:
    table = Table()
    evaluate("1 ? (a=1) : (b=2)", table)  # type: ignore[arg-type]
    assert table == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1/0", "divide by zero"),
        ("1+", "arithmetic syntax error"),
        ("1 2", "arithmetic syntax error"),
        ("08", "arithmetic syntax error"),
        ("1=2", "arithmetic syntax error"),
        ("2**-1", "exponent less than 0"),
        ("1:2", "malformed ?: operator"),
        ("'1'", "arithmetic syntax error"),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(ShellError, match=message.replace("?", r"\?")):
        value(text)


def test_recursion_is_noticed() -> None:
    with pytest.raises(ShellError, match="recursion"):
        value("a", a="b", b="a")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "1" + ")" * 10_000,
        "-" * 10_000 + "1",
        "0?2:" * 5_000 + "1",
        "0?2:" * 50 + "1",
        "1" + "-0" * 10_000,
        "2**0**" * 5_000 + "0",
    ],
    ids=("parentheses", "signs", "ternaries", "fewer", "sums", "powers"),
)
def test_long_expressions_have_their_value(text: str) -> None:
    assert value(text) == 1


_NUMBERS = st.integers(-(1 << 63), (1 << 63) - 1)


@given(_NUMBERS, _NUMBERS, st.sampled_from(["+", "-", "*", "&", "|", "^"]))
def test_operators_agree_with_python_in_64_bits(left: int, right: int, operator: str) -> None:
    operation = {"+": int.__add__, "-": int.__sub__, "*": int.__mul__, "&": int.__and__, "|": int.__or__, "^": int.__xor__}
    assert value(f"a {operator} b", a=str(left), b=str(right)) == wrap(operation[operator](left, right))


@given(_NUMBERS, _NUMBERS.filter(bool))
def test_division_rounds_towards_zero(left: int, right: int) -> None:
    quotient, rest = value("a/b", a=str(left), b=str(right)), value("a%b", a=str(left), b=str(right))
    assert wrap(quotient * right + rest) == left
    assert abs(rest) < abs(right)
