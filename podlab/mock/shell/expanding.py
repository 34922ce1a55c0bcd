"""Expanding the pieces of a word, one after the other: at once where nothing is waited for, else as other commands run."""

from podlab.mock.shell.arithmetic import evaluate
from podlab.mock.shell.encoding import QUOTE, plain, protect
from podlab.mock.shell.expanded import ASSIGNMENT, TILDE
from podlab.mock.shell.parameters import ParameterExpansion
from podlab.mock.shell.syntax import Arithmetic, CommandSubstitution, Operator, Parameter, Piece, ProcessSubstitution, Word
from podlab.mock.shell.trampoline import Call


class Expansion(ParameterExpansion):
    """One expansion under way."""

    __slots__ = ()

    def expand_now(self, pieces: tuple[Piece, ...], flags: int, quoted: bool) -> "tuple[Piece, ...] | None":
        """Expands pieces of a word that waits for nobody. Returns what `expand` returns."""
        in_quotes = False
        for index, piece in enumerate(pieces):
            if type(piece) is str:
                in_quotes = self.literal(piece, flags, quoted, in_quotes)
            elif type(piece) is Parameter:
                if piece.word is None:
                    self.bare_parameter(piece, flags)
                else:
                    for other in self.parameter(piece, flags):
                        left = other.run.expand_now(other.pieces, other.flags, other.quoted)
                        if left is not None and other.run is self:
                            self.expand_now(left, flags, quoted)
                            return pieces[index + 1 :]
                    if piece.operator is Operator.VALUE:
                        return pieces[index + 1 :]
            else:
                assert isinstance(piece, Arithmetic)
                text = piece.expression.constant
                if text is None:
                    inner = Expansion(self.shell)
                    inner.expand_now(piece.expression.pieces, 0, quoted=False)
                    text = inner.result()
                self.put_value(str(evaluate(text, self.shell.variables)), piece.quoted, flags)
        return None

    async def expand(self, pieces: tuple[Piece, ...], flags: int, quoted: bool) -> "tuple[Piece, ...] | None":
        """Expands pieces of a word; `quoted` says whether they are an operand in double quotes.

        To ash the brace at the end of `${name:}...}` is that of the braces around it. What is left of these pieces then stands
        behind those, and is returned; what is left of a whole word is lost.
        """
        in_quotes = False
        last = len(pieces) - 1
        for index, piece in enumerate(pieces):
            if isinstance(piece, str):
                if "~" in piece and flags & (TILDE | ASSIGNMENT):
                    piece = await self.tildes(piece, flags, index == 0, index == last)
                in_quotes = self.literal(piece, flags, quoted, in_quotes)
            elif isinstance(piece, Parameter):
                if await self.expand_parameter(piece, flags, quoted):
                    return pieces[index + 1 :]
            elif isinstance(piece, Arithmetic):
                self.put_value(str(await self.arithmetic(piece.expression)), piece.quoted, flags)
            elif isinstance(piece, CommandSubstitution):
                output = await self.shell.command_output(piece.body)
                self.put_value(output, piece.quoted, flags)
            elif isinstance(piece, ProcessSubstitution):
                self.put(await self.shell.process_substitution(piece))
        return None

    async def expand_parameter(self, piece: Parameter, flags: int, quoted: bool) -> bool:
        """Expands a parameter. Returns whether ash takes the pieces around it to end here."""
        for other in self.parameter(piece, flags):
            left = await Call(other.run.expand(other.pieces, other.flags, other.quoted))
            if left is not None and other.run is self:
                await Call(self.expand(left, flags, quoted))
                return True
        return piece.operator is Operator.VALUE and piece.word is not None

    async def tildes(self, text: str, flags: int, first: bool, last: bool) -> str:
        """Replaces the tildes that stand for home directories."""
        parts = text.split(":") if flags & ASSIGNMENT else [text]
        for index, part in enumerate(parts):
            starts_word = first and index == 0 and flags & TILDE
            if not part.startswith("~") or not (starts_word or index > 0):
                continue
            name, slash, rest = part[1:].partition("/")
            if not slash and index == len(parts) - 1 and not last:
                continue
            home = None if QUOTE in name or plain(name) != name else await self.shell.home_directory(name)
            if home is not None:
                parts[index] = protect(home) + slash + rest
        return ":".join(parts)

    async def arithmetic(self, word: Word) -> int:
        """The value of an arithmetic expression."""
        if word.constant is not None:
            return evaluate(word.constant, self.shell.variables)
        inner = Expansion(self.shell)
        await inner.expand(word.pieces, 0, quoted=False)
        return evaluate(inner.result(), self.shell.variables)
