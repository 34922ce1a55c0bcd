"""Expanding a parameter: `$name`, `${name}`, and what the operators in braces make of it."""

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from podlab.mock.shell.encoding import QUOTE
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.expanded import ASSIGNMENT, FIELDS, OPERAND, PATTERN, TILDE, Expanded
from podlab.mock.shell.joined import Joined
from podlab.mock.shell.operators import length, replace, substring, trim
from podlab.mock.shell.syntax import Operator, Parameter, Piece, Word

_UNSET: Final = {Operator.LENGTH: "0", Operator.VALUE: ""}
"""What operators give for an unset parameter, when they give anything."""
_TRANSFORMING: Final = frozenset(
    (
        Operator.LENGTH,
        Operator.SUBSTRING,
        Operator.REPLACE,
        Operator.REPLACE_ALL,
        Operator.TRIM_PREFIX,
        Operator.TRIM_PREFIX_MAX,
        Operator.TRIM_SUFFIX,
        Operator.TRIM_SUFFIX_MAX,
    )
)


class ParameterExpansion(Expanded, ABC):
    """Expands parameters; the pieces of an operand are expanded by whoever derives from it, when this yields them."""

    __slots__ = ()

    @abstractmethod
    def expand_now(self, pieces: tuple[Piece, ...], flags: int, quoted: bool) -> "tuple[Piece, ...] | None":
        """Expands pieces of a word that waits for nobody. Returns what `expand` returns."""

    @abstractmethod
    async def expand(self, pieces: tuple[Piece, ...], flags: int, quoted: bool) -> "tuple[Piece, ...] | None":
        """Expands pieces of a word. Returns those left over by the end of braces around it."""

    def value(self, name: str, quoted: bool, flags: int) -> str | None:
        """The value of a parameter, None when it is unset; all parameters are joined as the context wants them."""
        shell = self.shell
        first = name[:1]
        if first.isalpha() or first == "_":
            return shell.variables.get(name)
        if first in ("@", "*"):
            return self.separator(name, quoted, flags).join(shell.parameters)
        return shell.special_parameter(name)

    def separator(self, name: str, quoted: bool, flags: int) -> str:
        """What stands between all parameters: NUL where they are to become fields of their own."""
        ifs = self.shell.variables.values.get("IFS")
        if flags & FIELDS and (not quoted or name == "@"):
            return "\0" if quoted or ifs is not None else " "
        return " " if ifs is None else ifs[:1]

    def bare_parameter(self, piece: Parameter, flags: int) -> None:
        """Expands `$name`, or what else has no operand."""
        name, operator = piece.name, piece.operator
        if operator is Operator.BAD:
            raise ShellError("syntax error: bad substitution", line=self.shell.input_line)
        counted = flags & ~FIELDS if operator is Operator.LENGTH else flags
        value = self.value(name, piece.quoted, counted)
        if value is None:
            if self.shell.options.nounset:
                raise ShellError(f"{name}: parameter not set")
            if operator is not Operator.LENGTH:
                return
            value = "0"
        elif operator is Operator.LENGTH:
            value = length(name, value)
        nul = name == "@" and operator is not Operator.LENGTH and bool(self.shell.parameters)
        self.put_value(value, piece.quoted, flags, nul)

    def parameter(self, piece: Parameter, flags: int) -> "Iterator[Wanted]":
        """Expands `$name` or `${name...}`; yields what has to be expanded for it."""
        name, quoted, operator = piece.name, piece.quoted, piece.operator
        if piece.word is None:
            self.bare_parameter(piece, flags)
            return
        if operator is Operator.BAD:
            raise ShellError("syntax error: bad substitution", line=self.shell.input_line)
        unseen = operator is Operator.ALTERNATIVE  # what is only measured has IFS between parameters, not NULs
        value = self.value(name, quoted, flags & ~FIELDS if unseen else flags)
        is_set = value is not None and not (piece.or_null and not value)
        nul = name == "@" and bool(self.shell.parameters)
        in_place = Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE | OPERAND, quoted)
        if operator is Operator.ALTERNATIVE:
            if is_set:
                yield in_place
            return
        if not is_set:
            if operator is Operator.DEFAULT:
                yield in_place
                return
            value = yield from self.missing(piece, flags)
            if value is None:
                return
        elif operator in _TRANSFORMING and value is not None:
            value = yield from self.transform(piece, value)
        self.put_value(value or "", quoted, flags, nul and operator is not Operator.LENGTH)
        yield from self.leftovers(piece, flags)

    def leftovers(self, piece: Parameter, flags: int) -> "Generator[Wanted, None, None]":
        """What follows a value: that of `${name:}`, or one in which an empty pattern was to be replaced.

        ash leaves that pattern and the replacement lying behind the value, each with a NUL: as fields of their own, where there
        are fields; else they end the text.
        """
        assert piece.word is not None
        if piece.operator is Operator.VALUE:  # it is split only where something is expanded
            yield Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE, piece.quoted)
        if not self.void:
            return
        self.void = False
        if piece.quoted or not flags & FIELDS:
            self.ended = True
            return
        self.put_value("\0", False, flags)
        yield Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE | OPERAND, False)
        if piece.second is not None:
            replacement = yield from self.operand_text(piece.second, TILDE)
            self.put_value(f"\0{replacement}", False, flags)
        self.put_value("\0", False, flags)

    def missing(self, piece: Parameter, flags: int) -> "Generator[Wanted, None, str | None]":
        """What an unset parameter gives: what was assigned, an error, or (None) nothing."""
        shell, name = self.shell, piece.name
        assert piece.word is not None
        if piece.operator is Operator.ASSIGN:
            value = yield from self.operand_text(piece.word, TILDE)
            shell.assign(name, value)
            return self.value(name, piece.quoted, flags)
        if piece.operator is Operator.ERROR:
            message = "parameter not set" + (" or null" if piece.or_null else "")
            if piece.word.pieces not in ((), ("",)):
                message = yield from self.operand_text(piece.word, TILDE)
            raise ShellError(f"{name}: {message}")
        if shell.options.nounset:
            raise ShellError(f"{name}: parameter not set")
        return _UNSET.get(piece.operator)

    def operand_text(self, word: Word, flags: int) -> "Generator[Wanted, None, str]":
        """An operand as plain text, or (PATTERN) with its quoted characters marked."""
        if word.constant is not None and not flags & PATTERN:
            return word.constant
        if word.literal is not None and flags & PATTERN:
            return word.literal
        inner = type(self)(self.shell)
        yield Wanted(inner, word.pieces, flags, quoted=False)
        return inner.result()

    def transform(self, piece: Parameter, value: str) -> "Generator[Wanted, None, str]":
        """The value with the operator applied to it."""
        operator = piece.operator
        if operator is Operator.LENGTH:
            return length(piece.name, value)
        assert piece.word is not None
        if operator is Operator.SUBSTRING:
            operand = yield from self.operand_text(piece.word, TILDE)
            return substring(value, operand, self.shell.variables)
        pattern = yield from self.operand_text(piece.word, TILDE | PATTERN)
        if operator in (Operator.REPLACE, Operator.REPLACE_ALL):
            self.void = not pattern.replace(QUOTE, "")
            replacement = (yield from self.operand_text(piece.second, TILDE)) if piece.second is not None else ""
            everywhere = operator is Operator.REPLACE_ALL
            if "\0" in value and not self.void:
                return Joined(value, piece.quoted, pattern).replace(replacement, everywhere)
            return replace(value, pattern, replacement, everywhere)
        if "\0" in value:
            return Joined(value, piece.quoted, pattern).trim(operator)
        return trim(value, pattern, operator)


class Wanted(NamedTuple):
    """Pieces that have to be expanded before a parameter's expansion can go on: where to, and how."""

    run: ParameterExpansion
    pieces: tuple[Piece, ...]
    flags: int
    quoted: bool
