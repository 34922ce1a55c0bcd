"""Expansion: what the pieces of a word become.

A word is expanded into one text, in the form of `encoding`, with a note of the regions in it that are to be split; `fields`
splits them and `globbing` finds the files. What a word is for decides how much of this is done:

- an argument of a command: everything (`arguments`);
- an assignment, a redirection's target, a here-document: one text, as it is (`text`);
- a pattern: one text in which quoted characters stay marked (`pattern`).
"""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from podlab.mock.shell.arithmetic import evaluate
from podlab.mock.shell.encoding import QUOTE, count_characters, plain, protect
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.fields import Region, split_fields
from podlab.mock.shell.globbing import expand_pattern
from podlab.mock.shell.patterns import Pattern, compile_pattern, has_meta
from podlab.mock.shell.syntax import (
    Arithmetic,
    CommandSubstitution,
    Operator,
    Parameter,
    Piece,
    ProcessSubstitution,
    Word,
)
from podlab.mock.shell.trampoline import Call

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

FIELDS: Final = 1
"""The result is an argument: keep marks of quoting, note regions to split."""
TILDE: Final = 2
"""A tilde at the start names a home directory."""
ASSIGNMENT: Final = 4
"""So does one after each colon."""
PATTERN: Final = 8
"""The result is a pattern: keep marks of quoting."""
OPERAND: Final = 16
"""The operand of `${name-operand}`: its own unquoted text is split too."""

_MARKS: Final = FIELDS | PATTERN
DEFAULT_IFS: Final = " \t\n"
_BIG: Final = 32_768
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
            run = _Run(self.shell)
            await run.expand(word.pieces, FIELDS | TILDE, quoted=False)
            fields = self._fields(run)
        return await self.files(fields) if type(fields) is Unglobbed else fields

    def arguments_now(self, word: Word) -> "list[str] | Unglobbed":
        """The fields that a word which waits for nobody becomes, before patterns among them are made files' names (`files`)."""
        if word.constant is not None:
            return [word.constant]
        pieces = word.pieces
        if len(pieces) == 1 and type(piece := pieces[0]) is Parameter and piece.word is None:
            if piece.quoted and piece.name == "@" and piece.operator is Operator.VALUE:
                return self.shell.parameters
            if piece.operator is Operator.VALUE and piece.name[0].isalpha():
                value = self.shell.variables.get(piece.name)
                if value is not None and (piece.quoted or (value.isalnum() and self.shell.ifs == DEFAULT_IFS)):
                    return [value]
        run = _Run(self.shell)
        run.expand_now(pieces, FIELDS | TILDE, quoted=False)
        return self._fields(run)

    def _fields(self, run: "_Run") -> "list[str] | Unglobbed":
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

    async def text(self, word: Word, flags: int = TILDE) -> str:
        """The one text that a word becomes where there are no fields."""
        if word.constant is not None and not (flags & ASSIGNMENT and ":~" in word.constant):
            return word.constant
        run = _Run(self.shell)
        if word.prompt:
            run.expand_now(word.pieces, flags, quoted=False)
        else:
            await run.expand(word.pieces, flags, quoted=False)
        return run.result()

    def assignment_now(self, word: Word) -> str:
        """The value of an assignment that waits for nobody."""
        if word.constant is not None and ":~" not in word.constant:
            return word.constant
        pieces = word.pieces
        if len(pieces) == 1 and type(piece := pieces[0]) is Arithmetic and piece.expression.constant is not None:
            return str(evaluate(piece.expression.constant, self.shell.variables))
        run = _Run(self.shell)
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
        run = _Run(self.shell)
        if word.prompt:
            run.expand_now(word.pieces, TILDE | PATTERN, quoted=False)
        else:
            await run.expand(word.pieces, TILDE | PATTERN, quoted=False)
        return run.result()


class _Run:
    """One expansion under way: the text so far, and the regions of it to split.

    `void` says that a pattern to be replaced was empty; `ended`, that whatever comes is lost for it.
    """

    __slots__ = ("ended", "length", "out", "regions", "shell", "void")

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.out: list[str] = []
        self.length = 0
        self.regions: list[Region] = []
        self.void = self.ended = False

    def result(self) -> str:
        """The text."""
        if self.length > _BIG:
            self.shell.charge_transient(self.length)
        return "".join(self.out) if len(self.out) != 1 else self.out[0]

    def put(self, text: str) -> None:
        """Appends text as it is."""
        if not self.ended:
            self.out.append(text)
            self.length += len(text)

    def put_value(self, value: str, quoted: bool, flags: int, nul: bool = False) -> None:
        """Appends the result of an expansion, and notes that it is to be split."""
        begin = self.length
        if quoted and flags & _MARKS:
            value = protect(value)
        self.put(value)
        if not quoted:
            self.regions.append(Region(begin, self.length, only_nul=False))
        elif nul:
            self.regions.append(Region(begin, self.length, only_nul=True))

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
                    inner = _Run(self.shell)
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

    def literal(self, text: str, flags: int, quoted: bool, in_quotes: bool) -> bool:
        """Appends text of the word itself. Returns whether it ends inside quotes."""
        if not flags & _MARKS:
            self.put(plain(text))
            return False
        if not flags & OPERAND or quoted:
            self.put(text)
            return False
        for part in text.split(QUOTE):
            if part:
                begin = self.length
                self.put(part)
                if not in_quotes:
                    self.regions.append(Region(begin, self.length, only_nul=False))
            self.put(QUOTE)
            in_quotes = not in_quotes
        self.out.pop()
        self.length -= 1
        return not in_quotes

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
        inner = _Run(self.shell)
        await inner.expand(word.pieces, 0, quoted=False)
        return evaluate(inner.result(), self.shell.variables)

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
        value = self.value(name, piece.quoted, flags)
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

    def parameter(self, piece: Parameter, flags: int) -> "Iterator[_Wanted]":
        """Expands `$name` or `${name...}`; yields what has to be expanded for it."""
        name, quoted, operator = piece.name, piece.quoted, piece.operator
        if piece.word is None:
            self.bare_parameter(piece, flags)
            return
        if operator is Operator.BAD:
            raise ShellError("syntax error: bad substitution", line=self.shell.input_line)
        value = self.value(name, quoted, flags)
        is_set = value is not None and not (piece.or_null and not value)
        nul = name == "@" and bool(self.shell.parameters)
        in_place = _Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE | OPERAND, quoted)
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

    def leftovers(self, piece: Parameter, flags: int) -> "Generator[_Wanted, None, None]":
        """What follows a value: that of `${name:}`, or one in which an empty pattern was to be replaced.

        ash leaves that pattern and the replacement lying behind the value, each with a NUL: as fields of their own, where there
        are fields; else they end the text.
        """
        assert piece.word is not None
        if piece.operator is Operator.VALUE:  # it is split only where something is expanded
            yield _Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE, piece.quoted)
        if not self.void:
            return
        self.void = False
        if piece.quoted or not flags & FIELDS:
            self.ended = True
            return
        self.put_value("\0", False, flags)
        yield _Wanted(self, piece.word.pieces, (flags & ~ASSIGNMENT) | TILDE | OPERAND, False)
        if piece.second is not None:
            replacement = yield from self.operand_text(piece.second, TILDE)
            self.put_value(f"\0{replacement}", False, flags)
        self.put_value("\0", False, flags)

    def missing(self, piece: Parameter, flags: int) -> "Generator[_Wanted, None, str | None]":
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

    def operand_text(self, word: Word, flags: int) -> "Generator[_Wanted, None, str]":
        """An operand as plain text, or (PATTERN) with its quoted characters marked."""
        if word.constant is not None and not flags & PATTERN:
            return word.constant
        inner = _Run(self.shell)
        yield _Wanted(inner, word.pieces, flags, quoted=False)
        return inner.result()

    def transform(self, piece: Parameter, value: str) -> "Generator[_Wanted, None, str]":
        """The value with the operator applied to it."""
        operator = piece.operator
        if operator is Operator.LENGTH:
            return length(piece.name, value)
        assert piece.word is not None
        if operator is Operator.SUBSTRING:
            operand = yield from self.operand_text(piece.word, TILDE)
            return substring(value, operand, self.shell)
        pattern = yield from self.operand_text(piece.word, TILDE | PATTERN)
        if operator in (Operator.REPLACE, Operator.REPLACE_ALL):
            self.void = not pattern.replace(QUOTE, "")
            replacement = (yield from self.operand_text(piece.second, TILDE)) if piece.second is not None else ""
            return replace(value, pattern, replacement, operator is Operator.REPLACE_ALL)
        return trim(value, pattern, operator)


class _Wanted(NamedTuple):
    """Pieces that have to be expanded before a parameter's expansion can go on: where to, and how."""

    run: _Run
    pieces: tuple[Piece, ...]
    flags: int
    quoted: bool


def length(name: str, value: str) -> str:
    """`${#name}`: characters of a variable or positional parameter, bytes of what is special."""
    special = not (name[0].isalnum() or name[0] == "_")
    return str(len(value) if special else count_characters(value))


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


def trim(value: str, pattern: str, operator: Operator) -> str:
    """Takes the shortest or longest match of `pattern` off the start or the end of `value`."""
    compiled = compile_pattern(pattern)
    if "\0" in value:
        return _trim_joined(value, compiled, operator)
    if operator in (Operator.TRIM_PREFIX, Operator.TRIM_PREFIX_MAX):
        end = compiled.prefix_end(value, longest=operator is Operator.TRIM_PREFIX_MAX)
        return value[end:] if end >= 0 else value
    start = compiled.suffix_start(value, longest=operator is Operator.TRIM_SUFFIX_MAX)
    return value[:start] if start >= 0 else value


def _trim_joined(value: str, pattern: Pattern, operator: Operator) -> str:
    """Trims all parameters joined by NULs, as ash does it.

    To the matcher each piece of the text ends at its first NUL, and so does the search for the longest suffix.
    """
    longest = operator in (Operator.TRIM_PREFIX_MAX, Operator.TRIM_SUFFIX_MAX)
    if operator in (Operator.TRIM_PREFIX, Operator.TRIM_PREFIX_MAX):
        for index in range(len(value), -1, -1) if longest else range(len(value) + 1):
            if pattern.matches(value[:index].partition("\0")[0]):
                return value[index:]
        return value
    for index in range(value.index("\0") + 1) if longest else range(len(value), -1, -1):
        if pattern.matches(value[index:].partition("\0")[0]):
            return value[:index]
    return value


def replace(value: str, pattern: str, replacement: str, everywhere: bool) -> str:
    """Replaces the first, or each, longest match of `pattern`."""
    compiled = compile_pattern(pattern)
    literal = compiled.literal
    if literal == "":
        return value
    if literal is not None and everywhere:
        return value.replace(literal, replacement)
    if literal is not None:
        before, found, after = value.partition(literal)
        return f"{before}{replacement}{_to_nul(after)}" if found else value
    if not value:
        return replacement if compiled.matches("") else ""
    first, stars = compiled.segments[0], len(compiled.segments) > 1
    out: list[str] = []
    index = kept = 0
    while index < len(value):
        index = first.find(value, index, len(value))
        end = compiled.prefix_end(value, longest=True, start=index) if index >= 0 else -1
        if end < 0 and (index < 0 or stars):
            break  # what comes after the first star is not there, nor will it be further on
        if end <= index:
            if end == index and not everywhere:
                return f"{value[:index]}{replacement}{_to_nul(value[index:])}"
            index += 1
            continue
        if not everywhere:
            return f"{value[:index]}{replacement}{_to_nul(value[end:])}"
        out += (value[kept:index], replacement)
        index = kept = end
    return "".join((*out, value[kept:]))


def _to_nul(text: str) -> str:
    """What follows the one replacement ends, as in ash, with the parameter that it was made in."""
    return text.partition("\0")[0]


def substring(value: str, operand: str, shell: "Shell") -> str:
    """`${name:offset:length}`; negative numbers count from the end."""
    offset_text, colon, length_text = operand.partition(":")
    offset = evaluate(offset_text, shell.variables)
    size = len(value)
    length = evaluate(length_text, shell.variables) if colon else size
    if offset < 0:
        offset += size
    if offset < 0 or offset >= size:
        return ""
    if length < 0:
        length += size - offset
        if length < 0:
            length = size
    return value[offset : offset + length]
