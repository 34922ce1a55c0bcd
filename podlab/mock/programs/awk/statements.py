"""Reads the statements, rules and functions of an awk program."""

from typing import Final

from podlab.mock.programs.awk.lexer import AwkError, Kind
from podlab.mock.programs.awk.parser import REDIRECTIONS, ExpressionParser, spread
from podlab.mock.programs.awk.syntax import (
    Block,
    Delete,
    Expression,
    ForIn,
    Function,
    Group,
    If,
    Jump,
    Leave,
    Loop,
    Membership,
    Print,
    Program,
    Rule,
    Simple,
    Statement,
    String,
    Variable,
)

UNDEFINED: Final = "Call to undefined function"
DUPLICATE: Final = "Duplicate function"
NO_ARRAY: Final = "Not an array"


class StatementParser(ExpressionParser):
    """Reads a whole program."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._loops = 0

    def program(self) -> Program:
        """The program. Raises AwkError."""
        begin: list[Block] = []
        end: list[Block] = []
        rules: list[Rule] = []
        functions: list[Function] = []
        self.skip_newlines()
        while self.token.kind is not Kind.END:
            if self.accept("BEGIN"):
                begin.append(self._block())
            elif self.accept("END"):
                end.append(self._block())
            elif self.at("function", "func"):
                function = self._function()
                if any(other.name == function.name for other in functions):
                    raise AwkError(DUPLICATE, self.token.line)
                functions.append(function)
            else:
                rules.append(self._rule())
            self.accept(";")
            self.skip_newlines()
        return Program(tuple(begin), tuple(rules), tuple(end), tuple(functions))

    def _function(self) -> Function:
        self.advance()
        token = self.advance(regex_allowed=False)
        if token.kind not in (Kind.NAME, Kind.CALL):
            self.fail()
        self.expect("(")
        parameters = []
        self.skip_newlines()
        while self.token.kind is Kind.NAME:
            parameters.append(self.advance().text)
            if not self.accept(","):
                break
            self.skip_newlines()
        self.expect(")")
        self.skip_newlines()
        return Function(token.text, tuple(parameters), self._block())

    def _rule(self) -> Rule:
        pattern = end = None
        if not self.at("{"):
            pattern = self.expression()
            if self.accept(","):
                self.skip_newlines()
                end = self.listed()
        action = self._block() if self.at("{") else None
        if action is None and not (self.at(";", "\n") or self.token.kind is Kind.END):
            self.fail()
        return Rule(pattern, end, action)

    # --- statements ---

    def _block(self) -> Block:
        self.expect("{")
        statements: list[Statement] = []
        while True:
            while self.at(";", "\n"):
                self.advance()
            if self.accept("}"):
                return Block(tuple(statements))
            if self.token.kind is Kind.END:
                self.fail()
            statements.append(self._statement())

    def _statement(self) -> Statement:
        token = self.token
        if token.kind is Kind.OPERATOR and token.text == "{":
            return self._block()
        if self.accept(";"):
            return Block(())
        if token.kind is Kind.KEYWORD:
            compound = {"if": self._if, "while": self._while, "do": self._do, "for": self._for}.get(token.text)
            if compound is not None:
                self.advance()
                return compound()
        statement = self._simple()
        self._end_statement()
        return statement

    def _end_statement(self) -> None:
        if self.at("}") or self.token.kind is Kind.END:
            return
        if not self.at(";", "\n"):
            self.fail()
        self.advance()

    def _simple(self) -> Statement:
        token = self.token
        if token.kind is not Kind.KEYWORD or token.text == "getline":
            return Simple(self.listed())
        self.advance()
        if token.text in ("print", "printf"):
            return self._print(token.text == "printf")
        if token.text in ("break", "continue"):
            if not self._loops:
                raise AwkError(f"'{token.text}' not in a loop", token.line)
            return Jump(token.text)
        if token.text in ("next", "nextfile"):
            return Jump(token.text)
        if token.text in ("return", "exit"):
            return Leave(token.text, None if self._at_end() else self.expression())
        if token.text == "delete":
            return self._delete()
        raise AwkError("Unexpected token", token.line)

    def _at_end(self) -> bool:
        return self.at(";", "\n", "}") or self.token.kind is Kind.END

    def _delete(self) -> Statement:
        token = self.advance(regex_allowed=False)
        if token.kind is not Kind.NAME:
            raise AwkError(NO_ARRAY, token.line)
        subscripts = self._subscripts() if self.at("[") else None
        if self.at(","):
            raise AwkError(NO_ARRAY, token.line)
        return Delete(token.text, subscripts)

    def _print(self, formatted: bool) -> Statement:
        self._in_print = True
        arguments: list[Expression] = []
        if not self._at_end() and not self.at(*REDIRECTIONS):
            arguments.append(self.expression())
            while self.accept(","):
                self.skip_newlines()
                arguments.append(self.expression())
        self._in_print = False
        arguments = list(spread(arguments))
        redirect, target = "", None
        if self.at(*REDIRECTIONS):
            redirect = self.advance().text
            targets = [] if self._at_end() else [self.expression()]
            while self.accept(","):
                targets.append(self.expression())
            target = Group(tuple(targets)) if len(targets) > 1 else targets[0] if targets else String("")
        return Print(tuple(arguments), formatted, redirect, target)

    def _condition(self) -> Expression:
        self.expect("(")
        condition = self.listed()
        self.expect(")")
        return condition

    def _body(self, loop: bool) -> Statement:
        self.skip_newlines()
        self._loops += loop
        body = self._statement()
        self._loops -= loop
        return body

    def _if(self) -> Statement:
        condition = self._condition()
        body = self._body(loop=False)
        while self.at("\n") and self._else_follows():
            self.advance()
        otherwise = self._body(loop=False) if self.accept("else") else None
        return If(condition, body, otherwise)

    def _else_follows(self) -> bool:
        """Whether after newlines an else comes."""
        lexer = self._lexer
        saved = lexer._at, lexer._line
        token = self.token
        while token.kind is Kind.NEWLINE:
            token = lexer.next(regex_allowed=True)
        lexer._at, lexer._line = saved
        return token.kind is Kind.KEYWORD and token.text == "else"

    def _while(self) -> Statement:
        condition = self._condition()
        return Loop(None, condition, None, self._body(loop=True))

    def _do(self) -> Statement:
        body = self._body(loop=True)
        while self.at(";", "\n"):
            self.advance()
        self.expect("while")
        condition = self._condition()
        self._end_statement()
        return Loop(None, condition, None, body, body_first=True)

    def _for(self) -> Statement:
        self.expect("(")
        start: Statement | None = None
        if not self.at(";"):
            start = self._simple()
            if isinstance(start, Simple) and isinstance(start.expression, Membership) and self.at(")"):
                return self._for_in(start.expression)
        self.expect(";")
        self.skip_newlines()
        condition = None if self.at(";") else self.expression()
        self.expect(";")
        self.skip_newlines()
        step = None if self.at(")") else self._simple()
        self.expect(")")
        return Loop(start, condition, step, self._body(loop=True))

    def _for_in(self, membership: Membership) -> Statement:
        self.expect(")")
        target = membership.subscripts[0]
        if not isinstance(target, Variable):
            self.fail()
        assert isinstance(target, Variable)
        return ForIn(target, membership.name, self._body(loop=True))


def parse_program(source: str) -> Program:
    """Reads a program. Raises AwkError."""
    return StatementParser(source).program()
