"""Text to syntax tree: constructs, errors in ash's words, and texts that are not all there yet."""

import pytest

from podlab.mock.shell.errors import ShellSyntaxError, StackOverflow
from podlab.mock.shell.parser import END, Parser
from podlab.mock.shell.source import Incomplete
from podlab.mock.shell.syntax import (
    AndOr,
    Background,
    Case,
    For,
    Function,
    If,
    Loop,
    Not,
    Parameter,
    Pipeline,
    Redirected,
    RedirectKind,
    Sequence,
    Simple,
    Subshell,
)


def parse(text: str) -> object:
    return Parser(text).command()


def words(node: object) -> list[str | None]:
    assert isinstance(node, Simple)
    return [word.constant for word in node.words]


def test_simple_command_has_assignments_words_and_redirects() -> None:
    node = parse("a=1 b='x y' cmd one \"two three\" >out 2>&1\n")
    assert isinstance(node, Simple)
    assert [(name, word.constant) for name, word in node.assignments] == [("a", "1"), ("b", "x y")]
    assert words(node) == ["cmd", "one", "two three"]
    assert [(redirect.kind, redirect.fd) for redirect in node.redirects] == [(RedirectKind.WRITE, 1), (RedirectKind.DUP_OUT, 2)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("if a; then b; fi", If),
        ("while a; do b; done", Loop),
        ("for i in a; do b; done", For),
        ("case a in b) c;; esac", Case),
        ("f() { a; }", Function),
        ("function f { a; }", Function),
        ("(a)", Subshell),
        ("a | b", Pipeline),
        ("! a", Not),
        ("a && b", AndOr),
        ("a; b", Sequence),
        ("a &", Background),
        ("{ a; } >f", Redirected),
    ],
)
def test_constructs_become_their_nodes(text: str, kind: type) -> None:
    assert isinstance(parse(text), kind)


def test_lines_are_counted() -> None:
    parser = Parser("a\n\nb \\\n c\nd\n")
    lines = []
    while (node := parser.command()) is not END:
        if isinstance(node, Simple):
            lines.append(node.line)
    assert lines == [1, 3, 5]


def test_here_document_is_read_after_its_line() -> None:
    node = parse("cat <<A; echo $x\nbody $y\nA\n")
    assert isinstance(node, Sequence)
    cat = node.commands[0]
    assert isinstance(cat, Simple)
    document = cat.redirects[0].document
    assert document is not None
    assert document.body is not None
    assert document.body.pieces == ("body ", Parameter("y", quoted=True), "\n")


def test_keywords_are_words_where_no_command_begins() -> None:
    assert words(parse("echo if then fi { }")) == ["echo", "if", "then", "fi", "{", "}"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("fi", 'syntax error: unexpected "fi"'),
        ("if a; then b", 'syntax error: unexpected end of file (expecting "fi")'),
        ("a | | b", 'syntax error: unexpected "|"'),
        ("echo >", "syntax error: unexpected end of file"),
        ("echo 'a", "syntax error: unterminated quoted string"),
        ("echo ${a", "syntax error: missing '}'"),
        ("echo $((1", "syntax error: missing '))'"),
        ("for 1x in a; do :; done", "syntax error: bad for loop variable"),
        ("f() ", "syntax error: unexpected end of file"),
        ("case a b", 'syntax error: unexpected word (expecting "in")'),
    ],
)
def test_errors_are_in_ashs_words(text: str, message: str) -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse(text)
    assert caught.value.message == message


def test_error_names_the_line() -> None:
    parser = Parser("a\nb\nif fi\n")
    parser.command()
    parser.command()
    with pytest.raises(ShellSyntaxError) as caught:
        parser.command()
    assert caught.value.line == 3


@pytest.mark.parametrize(
    "text",
    ["if a", "if a\n", "echo 'x", "a |\n", "cat <<E\n", "cat <<E\nbody\n", "echo $(", "a \\\n", "echo ${x", "f() {\n", "echo"],
)
def test_incomplete_text_asks_for_more(text: str) -> None:
    with pytest.raises(Incomplete):
        Parser(text, complete=False).command()


def test_aliases_are_replaced_where_a_command_begins() -> None:
    aliases = {"ll": "ls -l", "run": "env ", "self": "self x", "nest": "ll deep"}
    assert words(Parser("ll ll", aliases=aliases).command()) == ["ls", "-l", "ll"]
    assert words(Parser("run ll", aliases=aliases).command()) == ["env", "ls", "-l"]
    assert words(Parser("self", aliases=aliases).command()) == ["self", "x"]
    assert words(Parser("nest", aliases=aliases).command()) == ["ls", "-l", "deep"]
    assert words(Parser(r"\ll", aliases=aliases).command()) == ["ll"]


def test_alias_can_be_the_beginning_of_a_construct() -> None:
    node = Parser("loop echo; done", aliases={"loop": "while true; do"}).command()
    assert isinstance(node, Loop)


@pytest.mark.parametrize(("left", "right"), [("(", ")"), ("{ ", "; }"), ("echo $(", ")"), ("echo ${x:-", "}")])
def test_deep_nesting_is_parsed_and_bounded(left: str, right: str) -> None:
    assert parse(left * 300 + "x" + right * 300) is not END
    with pytest.raises(StackOverflow):
        parse(left * 5000 + "x" + right * 5000)
