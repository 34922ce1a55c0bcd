"""The grammar: tokens to syntax tree, one method a construct."""

import re
import sys
from collections.abc import Callable, Mapping
from typing import Final

from podlab.mock.shell.lexer import (
    END_OF_FILE,
    EXPECT_ALIAS,
    EXPECT_COMMAND,
    EXPECT_KEYWORD,
    NEWLINE,
    REDIRECTION,
    SKIP_NEWLINES,
    WORD,
    Lexer,
)
from podlab.mock.shell.pieces import make_word
from podlab.mock.shell.syntax import (
    ALL_PARAMETERS,
    AndOr,
    Background,
    Case,
    CaseItem,
    For,
    Function,
    If,
    Loop,
    Node,
    Not,
    Pipeline,
    Redirect,
    Redirected,
    Sequence,
    Simple,
    Subshell,
    Word,
)
from podlab.mock.shell.words import NAME

_LIST_ENDS: Final = frozenset((END_OF_FILE, ")", ";;", "do", "done", "elif", "else", "esac", "fi", "then", "}"))
_ASSIGNMENT: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)=")
_FUNCTION_BODIES: Final = frozenset(("{", "if", "case", "until", "while", "for"))

_RECURSION_LIMIT: Final = 20_000
"""Python's, while a text is parsed: enough for MAX_NESTING levels."""

END: Final = object()
"""What `Parser.command` returns when there is nothing more to read."""


class Parser(Lexer):
    """Parses the commands of a text, one at a time."""

    __slots__ = ()

    def command(self) -> Node | object | None:
        """Reads one complete command, up to the end of its line.

        Returns:
            The command, None for an empty line, or `END`.

        Raises:
            ShellSyntaxError: The text is no command.
            Incomplete: The text ended inside it, and more may come.
            StackOverflow: It is nested too deeply.
        """
        self.pushed_back = False
        self.expect = 0
        self.nesting = 0
        self.in_here_pattern = False
        self.here_end = None
        self.pending_documents = []
        limit = sys.getrecursionlimit()
        if limit >= _RECURSION_LIMIT:
            return self.top_list()
        sys.setrecursionlimit(_RECURSION_LIMIT)
        try:
            return self.top_list()
        finally:
            sys.setrecursionlimit(limit)

    @property
    def at_end(self) -> bool:
        """Whether the last command was ended by the end of the text, rather than by a newline."""
        return self.pushed_back and self.token == END_OF_FILE

    def top_list(self) -> Node | object | None:
        """Reads the commands on a line of their own."""
        commands: list[Node] = []
        while True:
            self.expect = EXPECT_COMMAND
            token = self.read_token()
            if token == NEWLINE:
                self.read_here_documents()
                return self.sequence(commands)
            if token == END_OF_FILE:
                self.read_here_documents()
                self.push_back()
                return self.sequence(commands) if commands else END
            self.push_back()
            commands.append(self.list_item())
            token = self.read_token()
            if token in (NEWLINE, END_OF_FILE):
                self.push_back()
            elif token not in (";", "&"):
                raise self.unexpected()

    def compound_list(self, may_be_empty: bool = False) -> Node | None:
        """Reads commands up to a token that ends a list, which is left to be read again."""
        self.enter()
        commands: list[Node] = []
        while True:
            self.expect = SKIP_NEWLINES | EXPECT_COMMAND
            token = self.read_token()
            self.push_back()
            if token == END_OF_FILE:
                self.read_here_documents()
                break
            if (commands or may_be_empty) and token in _LIST_ENDS:
                break
            commands.append(self.list_item())
            token = self.read_token()
            if token in (NEWLINE, END_OF_FILE):
                self.push_back()
            elif token not in (";", "&"):
                self.push_back()
                break
        self.nesting -= 1
        return self.sequence(commands)

    def required_list(self) -> Node:
        """A list with at least one command in it, unless the text ends."""
        body = self.compound_list()
        return Sequence(()) if body is None else body  # None: the text has ended, which the next token will tell

    @staticmethod
    def sequence(commands: list[Node]) -> Node | None:
        """The commands as one node."""
        if len(commands) > 1:
            return Sequence(tuple(commands))
        return commands[0] if commands else None

    def list_item(self) -> Node:
        """Reads a command of a list; sends it to the background when an `&` follows (which is left to be read again)."""
        line = self.line
        node = self.and_or()
        if self.read_token() == "&":
            match node:
                case Pipeline(commands):
                    node = Pipeline(commands, background=True)
                case Redirected(command, redirects, line):
                    node = Background(command, redirects, line)
                case _:
                    node = Background(node, (), line)
        self.push_back()
        return node

    def and_or(self) -> Node:
        """Reads pipelines joined by `&&` and `||`."""
        node = self.pipeline()
        while (token := self.read_token()) in ("&&", "||"):
            self.expect = SKIP_NEWLINES | EXPECT_COMMAND
            node = AndOr(node, self.pipeline(), token == "||")
        self.push_back()
        return node

    def pipeline(self) -> Node:
        """Reads commands joined by `|`, perhaps negated."""
        negated = self.read_token() == "!"
        if negated:
            self.expect = EXPECT_COMMAND
        else:
            self.push_back()
        node = self.element()
        if self.read_token() == "|":
            commands = [node]
            while self.token == "|":
                self.expect = SKIP_NEWLINES | EXPECT_COMMAND
                commands.append(self.element())
                self.read_token()
            node = Pipeline(tuple(commands))
        self.push_back()
        return Not(node) if negated else node

    def element(self) -> Node:
        """Reads a simple or a compound command."""
        line = self.line
        token = self.read_token()
        if token in (WORD, REDIRECTION, "function"):
            self.push_back()
            return self.simple()
        construct = _CONSTRUCTS.get(token)
        if construct is None:
            raise self.unexpected()
        self.enter()
        node = construct(self, line)
        self.nesting -= 1
        redirects = self.redirects()
        if not redirects:
            return node
        if isinstance(node, Subshell):  # also one that stands alone in braces; redirections of its own are lost then, as in ash
            return Subshell(node.command, redirects, node.line)
        return Redirected(node, redirects, line)

    def redirects(self) -> tuple[Redirect, ...]:
        """Reads the redirections after a compound command."""
        found: list[Redirect] = []
        self.expect = EXPECT_COMMAND
        while self.read_token() == REDIRECTION:
            found.append(self.redirect_operand())
        self.push_back()
        return tuple(found)

    def need(self, token: str) -> None:
        """Reads a token that must be there."""
        if self.read_token() != token:
            raise self.unexpected(token)

    def group(self, _line: int) -> Node:
        """Reads the rest of `{ list; }`."""
        body = self.required_list()
        self.need("}")
        return body

    def subshell(self, line: int) -> Node:
        """Reads the rest of `( list )`."""
        body = self.required_list()
        self.need(")")
        return Subshell(body, (), line)

    def if_command(self, _line: int) -> Node:
        """Reads the rest of an `if`, its `fi` too."""
        node = self.if_clause()
        self.need("fi")
        return node

    def if_clause(self) -> Node:
        """Reads a test, its `then` part and what follows, up to the `fi`."""
        test = self.required_list()
        self.need("then")
        then = self.required_list()
        token = self.read_token()
        if token == "elif":
            return If(test, then, self.if_clause())
        if token == "else":
            return If(test, then, self.required_list())
        self.push_back()
        return If(test, then, None)

    def loop(self, _line: int) -> Node:
        """Reads the rest of a `while` or `until`."""
        until = self.token == "until"
        test = self.required_list()
        self.need("do")
        body = self.required_list()
        self.need("done")
        return Loop(test, body, until)

    def for_command(self, line: int) -> Node:
        """Reads the rest of a `for`."""
        if self.read_token() != WORD or self.word.quoted or not NAME.fullmatch(self.word.source):
            raise self.error("bad for loop variable")
        name = self.word.source
        words: tuple[Word, ...] = (ALL_PARAMETERS,)
        self.expect = SKIP_NEWLINES | EXPECT_COMMAND
        if self.read_token() == "in":
            found = []
            while self.read_token() == WORD:
                found.append(self.word)
            words = tuple(found)
            if self.token not in (NEWLINE, ";"):
                raise self.unexpected()
            if self.token == NEWLINE:
                self.read_here_documents()
        elif self.token != ";":
            self.push_back()
        self.expect = SKIP_NEWLINES | EXPECT_COMMAND
        self.need("do")
        body = self.required_list()
        self.need("done")
        return For(name, words, body, line)

    def case_command(self, line: int) -> Node:
        """Reads the rest of a `case`."""
        if self.read_token() != WORD:
            raise self.unexpected(WORD)
        word = self.word
        self.expect = SKIP_NEWLINES | EXPECT_COMMAND
        self.need("in")
        items: list[CaseItem] = []
        self.expect = SKIP_NEWLINES | EXPECT_KEYWORD
        while self.read_token() != "esac":
            items.append(self.case_item())
            self.expect = SKIP_NEWLINES | EXPECT_KEYWORD
            if self.read_token() == "esac":
                break
            if self.token != ";;":
                raise self.unexpected(";;")
            self.expect = SKIP_NEWLINES | EXPECT_KEYWORD
        return Case(word, tuple(items), line)

    def case_item(self) -> CaseItem:
        """Reads the patterns and the body of an item; the first token is read already."""
        if self.token == "(":
            self.read_token()
        patterns = []
        while True:
            patterns.append(self.pattern())
            if self.read_token() != "|":
                break
            self.read_token()
        if self.token != ")":
            raise self.unexpected(")")
        return CaseItem(tuple(patterns), self.compound_list(may_be_empty=True))

    def pattern(self) -> Word:
        """The last word as a pattern (ash does not ask whether the last token is one)."""
        return self.word

    def simple(self) -> Node:
        """Reads a simple command, or the definition of a function."""
        line = self.line
        assignments: list[tuple[str, Word]] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        in_brackets = False
        expect = EXPECT_ALIAS
        while True:
            self.expect = expect
            token = self.read_token()
            if token == "function":
                return self.function_keyword()
            if in_brackets and token in ("&&", "||"):
                words.append(make_word((token,), False, token))
            elif token == WORD:
                word = self.word
                if word.source == "[[":
                    in_brackets = True
                elif word.source == "]]":
                    in_brackets = False
                assignment = self.assignment(word) if expect else None
                if assignment is not None:
                    assignments.append(assignment)
                else:
                    words.append(word)
                    expect = 0
            elif token == REDIRECTION:
                redirects.append(self.redirect_operand())
            elif token == "(" and len(words) == 1 and not assignments and not redirects:
                self.need(")")
                return self.function(words[0].source)
            else:
                self.push_back()
                return Simple(tuple(assignments), tuple(words), tuple(redirects), line)

    @staticmethod
    def is_assignment(word: Word) -> bool:
        """Whether a word is of the form name=value."""
        first = word.pieces[0] if word.pieces else None
        return isinstance(first, str) and _ASSIGNMENT.match(first) is not None

    @staticmethod
    def assignment(word: Word) -> tuple[str, Word] | None:
        """The name and the value, when the word is an assignment."""
        first = word.pieces[0] if word.pieces else None
        match = _ASSIGNMENT.match(first) if isinstance(first, str) else None
        if match is None or not isinstance(first, str):
            return None
        rest = first[match.end() :]
        pieces = ((rest,) if rest else ()) + word.pieces[1:]
        return match[1], make_word(pieces, word.quoted, word.source[match.end() :])

    def function_keyword(self) -> Node:
        """Reads the rest of `function name ...`."""
        if self.read_token() != WORD:
            raise self.unexpected(WORD)
        name = self.word.source
        self.expect = SKIP_NEWLINES | EXPECT_KEYWORD
        token = self.read_token()
        if token == "(":
            self.need(")")
        elif token in _FUNCTION_BODIES or (token == WORD and self.word.source == "[["):
            self.push_back()
        else:
            raise self.unexpected()
        return self.function(name)

    def function(self, name: str) -> Node:
        """Reads the body of function `name`."""
        if not self.pushed_back:
            self.expect = SKIP_NEWLINES | EXPECT_COMMAND
        line = self.line
        return Function(name, self.element(), line)

    def substitution_body(self) -> Node | None:
        """See `WordReader`."""
        state = (self.token, self.word, self.redirect, self.expect, self.pending_documents, self.in_here_pattern, self.here_end)
        self.pending_documents = []
        self.in_here_pattern = False
        self.here_end = None
        body = self.compound_list(may_be_empty=True)
        if self.read_token() != ")":
            raise self.unexpected(")")
        for document in self.pending_documents:  # announced on the line of the `)`: it stays empty, as in ash
            document.body = make_word((), False, "")
        self.token, self.word, self.redirect, self.expect, self.pending_documents, self.in_here_pattern, self.here_end = state
        return body

    def backquoted(self, text: str) -> Node | None:
        """See `WordReader`."""
        inner = type(self)(text, self.running_line, complete=True, aliases=self.aliases)
        inner.running_line = self.running_line
        inner.nesting = self.nesting
        body = inner.compound_list(may_be_empty=True)
        inner.read_here_documents()
        return body  # whatever stands after it, as `;;` or `)`, is ignored, as in ash


class ActionParser(Parser):
    """Parses what a trap runs: ash counts no lines there, all of it stands on the line that the trap came in."""

    __slots__ = ("only_line",)

    def __init__(self, text: str, line: int = 1, complete: bool = True, aliases: Mapping[str, str] | None = None) -> None:
        self.only_line = line
        super().__init__(text, line, complete, aliases)

    @property
    def line(self) -> int:
        """Always the same."""
        return self.only_line

    @line.setter
    def line(self, _line: int) -> None:
        """Counts nothing."""


_CONSTRUCTS: Final[dict[str, Callable[[Parser, int], Node]]] = {
    "{": Parser.group,
    "(": Parser.subshell,
    "if": Parser.if_command,
    "while": Parser.loop,
    "until": Parser.loop,
    "for": Parser.for_command,
    "case": Parser.case_command,
}
