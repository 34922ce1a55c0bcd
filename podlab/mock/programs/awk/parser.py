"""Reads awk programs, with busybox' own precedences: a lower number binds more tightly."""

from typing import Final

from podlab.mock.programs.awk.lexer import UNEXPECTED_END, UNEXPECTED_TOKEN, AwkError, Kind, Lexer, Token
from podlab.mock.programs.awk.records import regex_of
from podlab.mock.programs.awk.syntax import (
    Assign,
    Binary,
    Builtin,
    Call,
    Conditional,
    Element,
    Expression,
    Field,
    Getline,
    Group,
    InValue,
    Match,
    Membership,
    Number,
    RegexLiteral,
    Step,
    String,
    Target,
    Unary,
    Variable,
)

FIELD: Final = 5
STEP: Final = 9
UNARY: Final = 19
CONCATENATION: Final = 35
PIPE: Final = 37
IN: Final = 49
TERNARY: Final = 64
ASSIGNMENT: Final = 74
LOOSEST: Final = 80

BINARY: Final = {
    "^": 15,
    "*": 25, "/": 25, "%": 25,
    "+": 29, "-": 29,
    "<": 39, "<=": 39, ">": 39, ">=": 39, "==": 39, "!=": 39,
    "~": 45, "!~": 45,
    "&&": 55,
    "||": 59,
}  # fmt: skip
ASSIGNMENTS: Final = {"=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/", "%=": "%", "^=": "^"}
REDIRECTIONS: Final = (">", ">>", "|")

ARITIES: Final = {
    "and": (2, 2), "or": (2, 2), "xor": (2, 2), "compl": (1, 1), "lshift": (2, 2), "rshift": (2, 2),
    "close": (1, 9), "system": (1, 9), "fflush": (0, 9), "atan2": (2, 9), "cos": (1, 9), "exp": (1, 9), "int": (1, 9),
    "log": (1, 9), "rand": (0, 9), "sin": (1, 9), "sqrt": (1, 9), "srand": (0, 9), "gensub": (3, 9), "gsub": (2, 9),
    "index": (2, 9), "match": (2, 9), "split": (2, 9), "sprintf": (0, 99), "sub": (2, 9), "substr": (2, 9), "systime": (0, 9),
    "strftime": (0, 9), "mktime": (1, 9), "tolower": (1, 9), "toupper": (1, 9), "length": (0, 1),
}  # fmt: skip


def spread(items: list[Expression]) -> tuple[Expression, ...]:
    """A list whose last part is one in parentheses goes on with its parts: to busybox a comma is an operator like others."""
    last = items[-1] if items else None
    return (*items[:-1], *last.items) if isinstance(last, Group) else tuple(items)


class ExpressionParser:
    """Reads expressions. `statements.StatementParser` builds on it.

    Attributes:
        token: The next token.
    """

    def __init__(self, source: str) -> None:
        self._lexer = Lexer(source)
        self._in_print = False
        self._last = Kind.NEWLINE
        self._no_redirection: Token | None = None
        self.token = self._lexer.next(regex_allowed=True)

    # --- tokens ---

    def advance(self, regex_allowed: bool = True) -> Token:
        """Takes the next token; `regex_allowed` holds for the one after it."""
        token = self.token
        self._last = token.kind
        self.token = self._lexer.next(regex_allowed)
        return token

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators, keywords or newlines."""
        return self.token.text in texts and self.token.kind in (Kind.OPERATOR, Kind.KEYWORD, Kind.NEWLINE)

    def accept(self, text: str) -> bool:
        """Takes the next token if it is this operator or keyword."""
        if not self.at(text):
            return False
        self.advance(text not in (")", "]"))
        return True

    def expect(self, text: str) -> None:
        """Takes this operator or keyword. Raises AwkError when another token is there."""
        if not self.accept(text):
            self.fail()

    def fail(self) -> None:
        """Complains about the next token; at the beginning of a line busybox says that the text ended."""
        raise AwkError(UNEXPECTED_END if self._last is Kind.NEWLINE else UNEXPECTED_TOKEN, self.token.line)

    def skip_newlines(self) -> None:
        """Skips newlines."""
        while self.token.kind is Kind.NEWLINE:
            self.advance()

    # --- expressions ---

    def expression(self, limit: int = LOOSEST) -> Expression:
        """Reads an expression of operators that bind at least as tightly as `limit`."""
        left = self._operand()
        while (operation := self._infix(left, limit)) is not None:
            left = operation
        return left

    def listed(self) -> Expression:
        """Reads an expression, or several with commas between them: together they are the text of a subscript."""
        items = [self.expression()]
        while self.accept(","):
            items.append(self._after_newlines())
        return Group(tuple(items)) if len(items) > 1 else items[0]

    def _infix(self, left: Expression, limit: int) -> Expression | None:
        """What `left` and the operator after it make; None when there is none that binds so tightly."""
        token = self.token
        if token.kind is Kind.OPERATOR and (operation := self._operation(left, token, limit)) is not None:
            return operation
        if self._at_redirection():
            return None
        if token.kind is Kind.KEYWORD and token.text == "in" and limit >= IN:
            self.advance()
            return self._membership(left.items if isinstance(left, Group) else (left,))
        if limit >= CONCATENATION and self._begins_operand():
            return Binary("", left, self.expression(CONCATENATION - 1), token.line)
        return None

    def _at_redirection(self) -> bool:
        """Whether in a print statement the expression ends here; `||` is taken for a pipe by busybox, and then fails."""
        if not self._in_print or self.token is self._no_redirection or not self.at(*REDIRECTIONS, ">=", "||"):
            return False
        if self.at("||"):
            self.fail()
        return True

    def _operation(self, left: Expression, token: Token, limit: int) -> Expression | None:
        if self._at_redirection():
            return None
        if token.text in ("++", "--") and limit >= STEP and isinstance(left, (Variable, Element, Field)):
            return self._postfix(left)
        if token.text in BINARY:
            return self._binary(left, token, limit)
        if token.text in ASSIGNMENTS:
            return self._assignment(left, token, limit)
        if token.text == "?" and limit >= TERNARY:
            return self._conditional(left)
        return self._pipe(left) if token.text == "|" and limit >= PIPE else None

    def _binary(self, left: Expression, token: Token, limit: int) -> Expression | None:
        level = BINARY[token.text]
        if level > limit:
            return None
        self.advance()
        self.skip_newlines()
        right = self.expression(level - 1)
        if token.text in ("~", "!~"):
            return Match(left, right, token.text == "!~")
        return Binary(token.text, left, right, token.line)

    def _assignment(self, left: Expression, token: Token, limit: int) -> Expression | None:
        if limit < ASSIGNMENT:
            return None
        if not isinstance(left, (Variable, Element, Field)):
            self.fail()
        assert isinstance(left, (Variable, Element, Field))
        self.advance()
        self.skip_newlines()
        return Assign(left, ASSIGNMENTS[token.text], self.expression(ASSIGNMENT), token.line)

    def _conditional(self, condition: Expression) -> Expression:
        self.advance()
        self.skip_newlines()
        outside, self._in_print = self._in_print, self._in_print
        first = self.expression(ASSIGNMENT - 1)
        self.skip_newlines()
        self.expect(":")
        self.skip_newlines()
        second = self.expression(ASSIGNMENT - 1)
        self._in_print = outside
        return Conditional(condition, first, second)

    def _pipe(self, command: Expression) -> Expression:
        self.advance()
        self.expect("getline")
        return Getline(self._optional_target(), command, command=True)

    def _begins_operand(self) -> bool:
        token = self.token
        if token.kind in (Kind.NUMBER, Kind.STRING, Kind.REGEX, Kind.NAME, Kind.CALL, Kind.BUILTIN):
            return True
        return (token.kind is Kind.OPERATOR and token.text in ("$", "!", "(", "++", "--")) or self.at("getline")

    # --- operands ---

    def _operand(self) -> Expression:
        token = self.token
        if token.kind is Kind.NUMBER:
            self.advance(regex_allowed=False)
            return Number(token.value)
        if token.kind is Kind.STRING:
            self.advance(regex_allowed=False)
            return String(token.text)
        if token.kind is Kind.REGEX:
            regex_of(token.text, ignore_case=False)  # which dies of one that is none
            self.advance(regex_allowed=False)
            return RegexLiteral(token.text)
        if token.kind in (Kind.NAME, Kind.CALL, Kind.BUILTIN):
            return self._named(token)
        if token.kind is Kind.OPERATOR:
            return self._prefixed(token)
        if self.accept("getline"):
            return self._getline()
        raise AwkError(UNEXPECTED_END if self._last is Kind.NEWLINE else UNEXPECTED_TOKEN, token.line)

    def _prefixed(self, token: Token) -> Expression:
        if token.text == "(":
            return self._parenthesis()
        if token.text == "$":
            self.advance()
            return Field(self.expression(FIELD), token.line)
        if token.text in ("++", "--"):
            self.advance()
            target = self.expression(FIELD)
            if not isinstance(target, (Variable, Element, Field)):
                self.fail()
            assert isinstance(target, (Variable, Element, Field))
            return Step(target, 1 if token.text == "++" else -1, prefix=True)
        if token.text in ("-", "+", "!"):
            self.advance()
            return Unary(token.text, self.expression(UNARY))
        raise AwkError(UNEXPECTED_TOKEN, token.line)

    def _postfix(self, target: Target) -> Expression:
        """`++` or `--` after a variable, an element or a parenthesis: not after a number, `$1++` is an error to busybox."""
        if self._last is Kind.NUMBER:
            self.fail()
        return Step(target, 1 if self.advance(regex_allowed=False).text == "++" else -1, prefix=False)

    def _parenthesis(self) -> Expression:
        self.advance()
        outside, self._in_print = self._in_print, False
        items = [self._after_newlines()]
        while self.accept(","):
            items.append(self._after_newlines())
        self.skip_newlines()
        self._in_print = outside
        self.expect(")")
        return Group(spread(items)) if len(items) > 1 else items[0]

    def _after_newlines(self) -> Expression:
        self.skip_newlines()
        return self.expression()

    def _named(self, token: Token) -> Expression:
        self.advance(regex_allowed=False)
        if token.kind is Kind.CALL:
            return Call(token.text, self._arguments(), token.line)
        if token.kind is Kind.BUILTIN:
            return self._builtin(token)
        if self.at("["):
            return Element(token.text, self._subscripts())
        return Variable(token.text)

    def _subscripts(self) -> tuple[Expression, ...]:
        self.expect("[")
        outside, self._in_print = self._in_print, False
        items = [self._after_newlines()]
        while self.accept(","):
            items.append(self._after_newlines())
        self._in_print = outside
        self.expect("]")
        return tuple(items)

    def _arguments(self) -> tuple[Expression, ...]:
        self.expect("(")
        outside, self._in_print = self._in_print, False
        self.skip_newlines()
        items = []
        if not self.at(")"):
            items.append(self.expression())
            while self.accept(","):
                items.append(self._after_newlines())
            self.skip_newlines()
        self._in_print = outside
        self.expect(")")
        return spread(items)

    def _builtin(self, token: Token) -> Expression:
        if token.text == "length" and not self.at("("):
            self._end_bare_length()
            return Builtin("length", (), token.line)
        if not self.at("("):
            self.fail()
        arguments = self._arguments()
        least, most = ARITIES[token.text]
        if len(arguments) < least:
            raise AwkError("Too few arguments", token.line)
        if len(arguments) > most:
            raise AwkError("Too many arguments", token.line)
        return Builtin(token.text, arguments, token.line)

    def _end_bare_length(self) -> None:
        """What may stand after `length` without parentheses: busybox looks for an operator there before all else."""
        if self.token.kind is Kind.END or self.at("$", "!", ")", "]", "[", "{", "|", ">>", "in", *ASSIGNMENTS):
            self.fail()
        if self.at("++", "--"):
            self.token = self._lexer.split(self.token)
        self._no_redirection = self.token

    def _membership(self, subscripts: tuple[Expression, ...]) -> Expression:
        """What stands after `in`: most operators bind more tightly, and what they make is no array."""
        of = self.expression(IN - 1)
        return Membership(subscripts, of.name) if isinstance(of, Variable) else InValue(subscripts, of)

    # --- getline ---

    def _optional_target(self) -> Target | None:
        if self.token.kind is not Kind.NAME and not self.at("$"):
            return None
        target = self.expression(FIELD)
        if not isinstance(target, (Variable, Element, Field)):
            self.fail()
        assert isinstance(target, (Variable, Element, Field))
        return target

    def _getline(self) -> Expression:
        target = self._optional_target()
        source = None
        if self.at("<"):
            self.advance()
            source = self.expression(CONCATENATION)
        return Getline(target, source, command=False)
