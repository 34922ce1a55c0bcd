"""Expansion: what the pieces of a word become.

A word is expanded into one text, in the form of `encoding`, with a note of the regions in it that are to be split; `fields`
splits them and `globbing` finds the files. What a word is for decides how much of this is done:

- an argument of a command: everything (`arguments`);
- an assignment, a redirection's target, a here-document: one text, as it is (`text`);
- a pattern: one text in which quoted characters stay marked (`pattern`).
"""

from typing import TYPE_CHECKING, Final

from podlab.mock.shell.arithmetic import evaluate
from podlab.mock.shell.encoding import plain
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.expanded import ASSIGNMENT, BIG, FIELDS, PATTERN, TILDE
from podlab.mock.shell.expanding import Expansion
from podlab.mock.shell.fields import split_fields
from podlab.mock.shell.globbing import expand_pattern
from podlab.mock.shell.operators import length
from podlab.mock.shell.patterns import has_meta
from podlab.mock.shell.syntax import Arithmetic, Operator, Parameter, Word

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_ALL_PARAMETERS: Final = (Parameter("@", quoted=True),)
DEFAULT_IFS: Final = " \t\n"
_MANY: Final = 256
FIELD_BYTES: Final = 100
"""What a field takes in memory besides its text."""


NAME_COST_NS: Final = 500
"""What it takes to look at a name while files are looked for."""


class Unglobbed(list[str]):
    """Fields, some of them patterns for files' names."""

    __slots__ = ()


class Expander:
    """Expands words for one shell."""

    __slots__ = ("shell",)

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell

    async def arguments(self, word: Word) -> list[str]:
        """The fields that a word of a command becomes."""
        if word.prompt:
            fields = self.arguments_now(word)
        else:
            run = Expansion(self.shell)
            await run.expand(word.pieces, FIELDS | TILDE, quoted=False)
            fields = self._fields(run)
        return await self.files(fields) if type(fields) is Unglobbed else fields

    def arguments_now(self, word: Word) -> "list[str] | Unglobbed":
        """The fields that a word which waits for nobody becomes, before patterns among them are made files' names (`files`)."""
        if word.constant is not None:
            return [word.constant]
        pieces = word.pieces
        joined = word.joined
        if joined is not None:
            if word.unsplit:
                return [self._join(joined)]
            if len(joined) == 1 and self.shell.ifs == DEFAULT_IFS and (value := self._join(joined)).isalnum():
                return [value]
        elif pieces == _ALL_PARAMETERS:
            return self.shell.parameters
        run = Expansion(self.shell)
        run.expand_now(pieces, FIELDS | TILDE, quoted=False)
        return self._fields(run)

    def _fields(self, run: "Expansion") -> "list[str] | Unglobbed":
        """Splits what a word became."""
        fields = split_fields(run.result(), run.regions, self.shell.ifs)
        if len(fields) > _MANY:
            self.shell.charge_transient(FIELD_BYTES * len(fields))
        if not self.shell.options.noglob and any(map(has_meta, fields)):
            return Unglobbed(fields)
        return [plain(field) for field in fields]

    async def files(self, fields: "Unglobbed") -> list[str]:
        """The fields, with the names of files in place of patterns."""
        result: list[str] = []
        for field in fields:
            result += (await self._matching(field) if has_meta(field) else None) or [plain(field)]
        return result

    async def _matching(self, pattern: str) -> list[str]:
        """The files that match a pattern: looking for them takes time, holding their names memory."""
        shell = self.shell
        search = expand_pattern(pattern, shell.process.listdir, shell.lexists)
        try:
            while True:
                looked = next(search)
                if looked.held_bytes:
                    shell.charge_transient(looked.held_bytes)
                await shell.process.cpu(looked.names * NAME_COST_NS)
        except StopIteration as end:
            return list(end.value)

    def _join(self, parts: "tuple[str | Parameter, ...]") -> str:
        """The text that parts of a word are together. Raises ShellError for what is unset, with `set -u`."""
        shell = self.shell
        texts: list[str] = []
        for part in parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            name = part.name
            value = shell.variables.get(name) if name[0].isalpha() or name[0] == "_" else shell.special_parameter(name)
            if value is None:
                if shell.options.nounset:
                    raise ShellError(f"{name}: parameter not set")
                value = "" if part.operator is Operator.VALUE else "0"
            elif part.operator is Operator.LENGTH:
                value = length(name, value)
            texts.append(value)
        text = "".join(texts)
        if len(text) > BIG:
            shell.charge_transient(len(text))
        return text

    async def text(self, word: Word, flags: int = TILDE) -> str:
        """The one text that a word becomes where there are no fields."""
        if word.constant is not None and not (flags & ASSIGNMENT and ":~" in word.constant):
            return word.constant
        if word.joined is not None:
            return self._join(word.joined)
        run = Expansion(self.shell)
        if word.prompt:
            run.expand_now(word.pieces, flags, quoted=False)
        else:
            await run.expand(word.pieces, flags, quoted=False)
        return run.result()

    def assignment_now(self, word: Word) -> str:
        """The value of an assignment that waits for nobody."""
        if word.constant is not None and ":~" not in word.constant:
            return word.constant
        if word.joined is not None:
            return self._join(word.joined)
        pieces = word.pieces
        if len(pieces) == 1 and type(piece := pieces[0]) is Arithmetic and piece.expression.constant is not None:
            return str(evaluate(piece.expression.constant, self.shell.variables))
        run = Expansion(self.shell)
        run.expand_now(pieces, TILDE | ASSIGNMENT, quoted=False)
        return run.result()

    async def assignment(self, word: Word) -> str:
        """The value of an assignment."""
        return await self.text(word, TILDE | ASSIGNMENT)

    async def here_document(self, word: Word) -> str:
        """The text of a here-document, or of a prompt."""
        return await self.text(word, 0)

    async def pattern(self, word: Word) -> str:
        """The pattern that a word becomes; its quoted characters are marked."""
        if word.literal is not None:
            return word.literal
        run = Expansion(self.shell)
        if word.prompt:
            run.expand_now(word.pieces, TILDE | PATTERN, quoted=False)
        else:
            await run.expand(word.pieces, TILDE | PATTERN, quoted=False)
        return run.result()
