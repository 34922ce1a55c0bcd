"""Words: quotes, escapes, and the expansions in them."""

import pytest

from podlab.mock.shell.encoding import QUOTE, SHIFT, plain, protect
from podlab.mock.shell.parser import Parser
from podlab.mock.shell.syntax import Arithmetic, CommandSubstitution, Operator, Parameter, ProcessSubstitution, Simple, Word


def word(text: str) -> Word:
    node = Parser(f"x {text}").command()
    assert isinstance(node, Simple)
    return node.words[1]


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("abc", "abc"),
        ("'a b'", "a b"),
        ('"a b"', "a b"),
        (r"a\ b", "a b"),
        (r"\*", "*"),
        ("'*'", "*"),
        ('"a\\$b"', "a$b"),
        ('"a\\b"', "a\\b"),
        ("a'b'\"c\"d", "abcd"),
        ("$'a\\tb\\x41\\101'", "a\tbAA"),
        ("$'it\\'s'", "it's"),
        ("''", ""),
        ("a\\\nb", "ab"),
        ("$", "$"),
        ("a$", "a$"),
    ],
)
def test_constant_words_know_their_value(text: str, constant: str) -> None:
    assert word(text).constant == constant


@pytest.mark.parametrize("text", ["$x", "~", "a*", "[ab]", "?", "$(x)", "`x`", "$((1))", "~/a"])
def test_words_that_depend_on_something_have_no_constant(text: str) -> None:
    assert word(text).constant is None


def test_quoting_is_kept_beside_the_text() -> None:
    assert word("a'*'b*").pieces == (f"a{QUOTE}{chr(ord('*') + SHIFT)}{QUOTE}b*",)


def test_quoted_parameters_say_so() -> None:
    pieces = word('a"$x"$y').pieces
    assert pieces == (f"a{QUOTE}", Parameter("x", quoted=True), QUOTE, Parameter("y", quoted=False))


def test_all_parameters_alone_in_quotes_leave_no_marks() -> None:
    assert word('"$@"').pieces == (Parameter("@", quoted=True),)
    assert word('"${@}"').pieces == (Parameter("@", quoted=True),)
    assert word('"x$@"').pieces == (f"{QUOTE}x", Parameter("@", quoted=True), QUOTE)


@pytest.mark.parametrize(
    ("text", "name", "operator", "or_null"),
    [
        ("${x}", "x", Operator.VALUE, False),
        ("${#x}", "x", Operator.LENGTH, False),
        ("${x-a}", "x", Operator.DEFAULT, False),
        ("${x:-a}", "x", Operator.DEFAULT, True),
        ("${x:=a}", "x", Operator.ASSIGN, True),
        ("${x?a}", "x", Operator.ERROR, False),
        ("${x:+a}", "x", Operator.ALTERNATIVE, True),
        ("${x%a}", "x", Operator.TRIM_SUFFIX, False),
        ("${x##a}", "x", Operator.TRIM_PREFIX_MAX, False),
        ("${x:1:2}", "x", Operator.SUBSTRING, False),
        ("${x/a/b}", "x", Operator.REPLACE, False),
        ("${x//a/b}", "x", Operator.REPLACE_ALL, False),
        ("${10}", "10", Operator.VALUE, False),
        ("${#}", "#", Operator.VALUE, False),
        ("${##}", "#", Operator.LENGTH, False),
        ("${#-x}", "#", Operator.DEFAULT, False),
        ("${!x}", "!", Operator.BAD, False),
        ("${x!}", "x", Operator.BAD, False),
    ],
)
def test_braces_give_name_and_operator(text: str, name: str, operator: Operator, or_null: bool) -> None:
    (piece,) = word(text).pieces
    assert isinstance(piece, Parameter)
    assert (piece.name, piece.operator, piece.or_null) == (name, operator, or_null)


def test_digits_after_a_dollar_are_one_digit() -> None:
    assert word("$10").pieces == (Parameter("1", quoted=False), "0")


def test_replacement_is_split_at_the_first_unquoted_slash() -> None:
    (piece,) = word(r"${x/a\/b/c/d}").pieces
    assert isinstance(piece, Parameter)
    assert piece.word is not None
    assert piece.second is not None
    assert plain("".join(map(str, piece.word.pieces))) == "a/b"
    assert piece.second.pieces == ("c/d",)


def test_substitutions_hold_parsed_commands() -> None:
    assert isinstance(word("$(a | b)").pieces[0], CommandSubstitution)
    assert isinstance(word("`a`").pieces[0], CommandSubstitution)
    assert isinstance(word("$((1 + 2))").pieces[0], Arithmetic)
    assert isinstance(word("<(a)").pieces[0], ProcessSubstitution)


def test_case_in_a_substitution_does_not_end_it() -> None:
    (piece,) = word("$(case a in a) echo;; esac)").pieces
    assert isinstance(piece, CommandSubstitution)


def test_protecting_and_plain_are_inverse() -> None:
    text = "a*b?[c]\\~:=/-!^ \xe9"
    assert plain(protect(text)) == text
    assert protect("abc") == "abc"
