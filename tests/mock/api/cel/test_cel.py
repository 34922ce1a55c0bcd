"""CEL, as cel-go and Google's C++ runtime take it: what expressions come to, and which are refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podlab.mock.api.cel import BudgetError, CelError, CompileError, NotModelledError, compile_rule
from podlab.mock.api.cel.evaluator import Budget
from podlab.mock.api.cel.types import BOOL, DOUBLE, DYN, INT, STRING, Type, list_of, map_of, nullable
from podlab.mock.api.cel.values import Duration, UInt

TYPES = {
    "x": INT,
    "s": STRING,
    "l": list_of(INT),
    "m": map_of(STRING, INT),
    "d": DYN,
    "b": BOOL,
    "f": DOUBLE,
    "o": Type("o", fields={"a": INT, "may": nullable(STRING), "in__dash__side": list_of(STRING)}),
}
VALUES: dict[str, Any] = {
    "x": 5,
    "s": "héllo",
    "l": [3, 1, 2],
    "m": {"a": 1, "b": 2},
    "d": {"k": [1, "z"], "n": None},
    "b": True,
    "f": 1.5,
    "o": {"a": 7, "may": None, "in__dash__side": ["q"]},
}


def run(text: str, cost: int = 100_000) -> Any:
    return compile_rule(text, TYPES).evaluate(VALUES, Budget(cost))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4", 3),
        ("-7 / 2", -3),
        ("-7 % 3", -1),
        ("7.0 / 0.0", float("inf")),
        ("uint(5) + 3u", UInt(8)),
        ("0x1F", 31),
        ("x--1", 6),
        ("!!b", True),
        ("1 < 2 == true", True),
        ("dyn(1) == 1.0 && dyn(1u) == 1 && 1 < 1.5", True),
        ("dyn(1) == dyn('a')", False),
        ("l[dyn(1u)]", 1),
        ("m.a + m['b']", 3),
        ("d.k[1]", "z"),
        ("d.n == null", True),
        ("has(d.nope) || has(m.zz)", False),
        ("'a' in m && 3 in l && 'z' in d.k", True),
        ("l.all(i, i > 0) && l.exists(i, i == 3 || i / 0 > 1)", True),
        ("l.exists_one(i, i == 2)", True),
        ("l.map(i, i > 1, i * 2)", [6, 4]),
        ("l.filter(i, i != 1)", [3, 2]),
        ("m.all(k, m[k] > 0)", True),
        ("[1, 2].all(i, [3, 4].exists(j, j > i))", True),
        ("true || 1 / 0 > 0", True),
        ("1 / 0 > 0 && false", False),
        ("b ? 1 : 2", 1),
        ("s.size() + 'é'.size() + bytes('é').size()", 8),
        ("'\\n\\t\\x41\\u00e9' == '\\n\\tAé'", True),
        ("r'\\n'.size()", 2),
        ("b'abc' + b'\\xff'", b"abc\xff"),
        ("s.matches('h.*o') && !matches(s, '^z')", True),
        ("type(1) == int && type(s) == string && type(null) == null_type", True),
        ("{1: 'a'}[1] + {'k': 'b'}.k", "ab"),
        ("string(5) + string(1.5) + string(true)", "51.5true"),
        ("int('42') + int(1.9)", 43),
        ("timestamp('2020-02-03T04:05:06Z').getMonth()", 1),
        ("timestamp('2020-02-03T23:05:06Z').getDate('+02:00')", 4),
        ("timestamp('2020-01-01T00:00:00Z') + duration('1h') > timestamp('2020-01-01T00:59:59Z')", True),
        ("string(duration('1h30m')) + string(timestamp('2020-02-03T04:05:06.12Z'))", "5400s2020-02-03T04:05:06.12Z"),
        ("duration('1.5s')", Duration(1_500_000_000)),
        ("duration('-1.5s').getMilliseconds()", -1500 % 1000),
        ("s.charAt(1) + s.substring(1, 3) + s.upperAscii()", "éélHéLLO"),
        ("s.indexOf('l') * 10 + s.lastIndexOf('l')", 23),
        ("s.replace('l', 'L', 1)", "héLlo"),
        ("'a,b,c'.split(',', 2)", ["a", "b,c"]),
        ("['a', 'b'].join('-') + ' x '.trim()", "a-bx"),
        ("'%s is %d of %.1f: %s'.format(['a', 5, 1.25, [1, 2]])", "a is 5 of 1.2: [1, 2]"),
        ("'abc 123'.find('[0-9]+') + string('abc 12 3'.findAll('[0-9]+').size())", "1232"),
        ("[1, 2].isSorted() && l.sum() == 6 && l.min() == 1 && l.max() == 3 && l.indexOf(2) == 2", True),
        ("sets.contains([1, 2], [2]) && sets.equivalent([1, 2], [2, 1, 1]) && !sets.intersects([1], [2])", True),
        ("optional.none().orValue(5) + m[?'a'].orValue(7) + m.?z.orValue(8)", 14),
        ("optional.of(1).hasValue() && !d.?nope.hasValue()", True),
        ("quantity('1.5Gi').isGreaterThan(quantity('1Gi')) && !isQuantity('x')", True),
        ("quantity('50k').add(20).asInteger() + quantity('1').compareTo(quantity('1000m'))", 50020),
        ("ip('127.0.0.1').isLoopback() && ip('::1').family() == 6 && !isIP('1.2.3')", True),
        ("cidr('10.0.0.0/8').containsIP('10.1.2.3') && cidr('10.0.0.0/8').prefixLength() == 8", True),
        ("url('https://a.b:80/p?q=1').getHostname() + url('https://a.b:80/p').getPort()", "a.b80"),
        ("o.a + o.in__dash__side.size()", 8),
        ("o.may == null", True),
        ("(d.n == null ? [1] : dyn('a')) == [1]", True),
        ("string(-0.0) + string(100000.0) + string(1e20)", "-0100000100000000000000000000"),
        ("dyn({'a': 1}) in [{'a': 1}]", True),
    ],
)
def test_expressions_come_to_what_they_should(text: str, value: Any) -> None:
    assert run(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 / 0", "division by zero"),
        ("1 % 0", "modulus by zero"),
        ("9223372036854775807 + 1", "integer overflow"),
        ("5u - 6u", "unsigned integer overflow"),
        ("l[5]", "index out of bounds: 5"),
        ("m['z']", "no such key: z"),
        ("d.nope", "no such key: nope"),
        ("dyn('a') + 1", "no such overload"),
        ("d[dyn([1])] == 1", "no such key: [1]"),
        ("d.k.all(i, i > 0)", "no such overload"),
        ("s.substring(4, 2)", "invalid substring range. start: 4, end: 2"),
    ],
)
def test_errors_of_evaluation_have_the_words_of_cel_go(text: str, words: str) -> None:
    with pytest.raises(CelError) as caught:
        run(text)
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("undefined.x", "undeclared reference to 'undefined' (in container '')", 1),
        ("foo(x)", "undeclared reference to 'foo' (in container '')", 4),
        ("s.foo()", "undeclared reference to 'foo' (in container '')", 6),
        ("s + 1", "found no matching overload for '_+_' applied to '(string, int)'", 3),
        ("s.startsWith(1)", "found no matching overload for 'startsWith' applied to 'string.(int)'", 13),
        ("1 + 1.0", "found no matching overload for '_+_' applied to '(int, double)'", 3),
        ("x == 'a'", "found no matching overload for '_==_' applied to '(int, string)'", 3),
        ("b ? 1 : 'a'", "found no matching overload for '_?_:_' applied to '(bool, int, string)'", 3),
        ("x.y", "type 'int' does not support field selection", 2),
        ("o.z", "undefined field 'z'", 2),
        ("[1, 'a']", "expected type 'int' but found 'string'", 5),
        ("x.all(i, true)", "expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)", 1),
        ("null != x", "found no matching overload for '_!=_' applied to '(null, int)'", 6),
        ("has(x)", "invalid argument to has() macro", 4),
        ("duration('x')", "invalid duration argument", 10),
        ("s.matches('(')", "invalid matches argument", 11),
        ("1 2", "Syntax error: extraneous input '2' expecting <EOF>", 3),
    ],
)
def test_what_does_not_fit_is_told_before_anything_runs(text: str, message: str, place: int) -> None:
    with pytest.raises(CompileError) as caught:
        compile_rule(text, TYPES)
    dots = "." * (place - 1)
    assert str(caught.value).split("\n") == [f"ERROR: <input>:1:{place}: {message}", f" | {text}", f" | {dots}^"]


def test_an_error_is_told_with_its_own_line() -> None:
    with pytest.raises(CompileError) as caught:
        compile_rule("x > 1\n  && nope", TYPES)
    assert str(caught.value) == "ERROR: <input>:2:6: undeclared reference to 'nope' (in container '')\n |   && nope\n | .....^"


@pytest.mark.parametrize("text", ["semver('1.0.0') == x", "l.all(i, v, true)", "m.transformList(k, v, v)"])
def test_what_kubernetes_has_and_the_mock_has_not_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotModelledError):
        compile_rule(text, TYPES)


def test_an_expression_costs_no_more_than_it_may() -> None:
    with pytest.raises(BudgetError):
        run("l.all(i, l.all(j, l.all(k, i + j + k > 0)))", cost=50)


WORDS = st.sampled_from(
    [
        "x",
        "s",
        "l",
        "m",
        "d",
        "o",
        "1",
        "2.5",
        "'a'",
        "+",
        "-",
        "*",
        "/",
        "<",
        "==",
        "&&",
        "||",
        "!",
        "?",
        ":",
        ".",
        ",",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "in",
        "has",
        "all",
        "map",
        "size",
        "i",
        "null",
        "true",
        "optional.of",
        "?.",
        '"',
        "\\",
    ]
)


@given(st.lists(WORDS, max_size=14).map(" ".join) | st.text(max_size=20))
def test_no_text_brings_out_anything_but_an_error_of_cel(text: str) -> None:
    with suppress(CelError, CompileError, NotModelledError):
        run(text, cost=2000)


@pytest.mark.parametrize(
    "text",
    [
        "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))",
        "l.map(a, l.map(b, a + b)).size() > 0",
        "l.all(a, l == l)",
        "l.all(a, l.isSorted())",
        "l.all(a, s.matches('^(h+)+$') || true)",
        "s.findAll('.').size() > 0",
    ],
)
def test_what_explodes_is_ended_by_its_budget(text: str) -> None:
    program = compile_rule(text, {"l": list_of(INT), "s": STRING})
    budget = Budget(100_000)
    with pytest.raises(BudgetError):
        program.evaluate({"l": list(range(2000)), "s": "h" * 100_000}, budget)
