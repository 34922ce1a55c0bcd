"""Reads sed scripts."""

import re
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.regex import Regex, RegexError, compile_regex
from podlab.mock.programs.sed.script import Command, Substitution
from podlab.mock.programs.streams import to_text

BLANKS: Final = b" \t\n\v\f\r"
SEPARATORS: Final = b"; \n\r\t\v"
PLAIN_COMMANDS: Final = "dDgGhHlnNpPqx={}"
_NUMBER: Final = re.compile(rb"[0-9]+")
_ESCAPED_NEWLINE: Final = re.compile(rb"(\\+)\n")


class Parser:
    """Reads the pieces of a script (-e, -f, or the first operand), each of which ends with a line.

    Attributes:
        commands: What was read so far.
        quiet: Whether a `#n` was there.
        written: The files that w and s///w name, in order.
        last_regex: The last address that is a regular expression.
    """

    def __init__(self, extended: bool) -> None:
        self.commands: list[Command] = []
        self.quiet = False
        self.written: list[str] = []
        self.last_regex: Regex | None = None
        self._extended = extended
        self._unfinished: bytes | None = None
        self._source = b""
        self._at = 0

    def add_block(self, text: bytes) -> None:
        """Reads lines; a backslash before a newline joins two of them. Raises Die."""
        text = _ESCAPED_NEWLINE.sub(lambda match: match[1][:-1] + b"\0" if len(match[1]) % 2 else match[0], text)
        for line in text.split(b"\n"):
            self._add_line(line.replace(b"\0", b"\n"))

    def finish(self) -> list[Command]:
        """All commands, with their jumps resolved. Raises Die."""
        if self._unfinished is not None:
            self._add_line(b"")
        labels = {c.text: index for index, c in reversed(list(enumerate(self.commands))) if c.letter == ":" and c.text}
        open_blocks: list[Command] = []
        for index, command in enumerate(self.commands):
            if command.letter in "btT" and command.text:
                command.jump = labels.get(command.text, -1)
            elif command.letter == "{":
                open_blocks.append(command)
            elif command.letter == "}" and open_blocks:
                open_blocks.pop().jump = index
        return self.commands

    def _add_line(self, line: bytes) -> None:
        if self._unfinished is not None:
            line = self._unfinished + b"\n" + line
            self._unfinished = None
        if (len(line) - len(line.rstrip(b"\\"))) % 2:
            self._unfinished = line[:-1]
            return
        self._source, self._at = line, 0
        while self._skip(SEPARATORS):
            if self._peek() == b"#":
                self._comment()
            else:
                self._command()

    # --- the small parts ---

    def _peek(self) -> bytes:
        return self._source[self._at : self._at + 1]

    def _skip(self, chars: bytes) -> bool:
        """Skips characters; whether anything is left."""
        while self._at < len(self._source) and self._source[self._at] in chars:
            self._at += 1
        return self._at < len(self._source)

    def _rest(self) -> bytes:
        rest = self._source[self._at :]
        self._at = len(self._source)
        return rest

    def _comment(self) -> None:
        self.quiet = self.quiet or self._source.startswith(b"#n", self._at)
        end = min((at for at in (self._source.find(c, self._at) for c in (b"\n", b"\r")) if at >= 0), default=len(self._source))
        self._at = end

    def _command(self) -> None:
        command = Command("")
        command.begin_line, command.begin_regex = self._address()
        if self._peek() == b",":
            self._at += 1
            self._second_address(command)
        self._skip(BLANKS)
        if self._peek() == b"!":
            command.invert = True
            self._at += 1
            self._skip(BLANKS)
        if not self._peek():
            raise Die("missing command")
        command.letter = to_text(self._peek())
        self._at += 1
        self._arguments(command)
        command.rewind()
        self.commands.append(command)

    def _second_address(self, command: Command) -> None:
        match = re.compile(rb"\+([0-9]+)").match(self._source, self._at)
        if match:
            self._at = match.end()
            command.end_line = -2 - int(match[1])
            return
        start = self._at
        command.end_line, command.end_regex = self._address()
        if self._at == start:
            raise Die("no address after comma")

    def _address(self) -> tuple[int, Regex | None]:
        char = self._peek()
        match = _NUMBER.match(self._source, self._at)
        if match:
            self._at = match.end()
            return int(match[0]), None
        if char == b"$":
            self._at += 1
            return -1, None
        if char not in (b"/", b"\\") or not char:
            return 0, None
        if char == b"\\":
            self._at += 1
        delimiter = self._peek()
        self._at += 1
        regex = self._compile(_control_escapes(self._delimited(delimiter, is_regex=True))) or self.last_regex
        if regex is None:
            raise Die("no previous regexp")
        self.last_regex = regex
        return 0, regex

    def _delimited(self, delimiter: bytes, is_regex: bool) -> bytes:
        """Reads up to the delimiter; in a regular expression `[...]` is looked through."""
        source = self._source
        start = self._at
        bracket = -1
        while self._at < len(source):
            char = source[self._at : self._at + 1]
            if bracket >= 0:
                before = source[bracket + 1 : self._at]
                if char == b"]" and before not in (b"", b"^"):
                    bracket = -1
            elif char == b"\\":
                self._at += 1
            elif char == b"[" and is_regex:
                bracket = self._at
            elif char == delimiter:
                text = source[start : self._at]
                self._at += 1
                return text
            self._at += 1
        raise Die(f"unmatched '{to_text(delimiter)}'")

    def _compile(self, source: bytes, ignore_case: bool = False) -> Regex | None:
        if not source:
            return None
        try:
            return compile_regex(source, self._extended, ignore_case)
        except RegexError as error:
            raise Die(f"bad regex '{to_text(source)}': {error}") from error

    # --- commands ---

    def _arguments(self, command: Command) -> None:
        letter = command.letter
        if letter in "air" and (command.end_line or command.end_regex is not None):
            raise Die(f"command '{letter}' uses only one address")
        if letter == "s":
            self._substitution(command)
        elif letter in "aic":
            command.text = self._text()
        elif letter in "rw":
            command.text = self._file_name()
            if letter == "w":
                self.written.append(to_text(command.text))
        elif letter in ":btT":
            self._skip(BLANKS)
            match = re.compile(rb"[^; \n\r\t\v]*").match(self._source, self._at)
            assert match is not None
            command.text = match[0]
            self._at = match.end()
        elif letter == "y":
            command.text = self._table()
        elif letter not in PLAIN_COMMANDS:
            raise Die(f"unsupported command {letter}")

    def _text(self) -> bytes:
        """The text of a, i or c: after blanks up to a newline or backslash; backslashes in it are taken away."""
        while (char := self._peek()) and char in BLANKS:
            self._at += 1
            if char == b"\n":
                break
        else:
            if char == b"\\":
                self._at += 1
        return re.sub(rb"\\(.?)", rb"\1", _control_escapes(self._rest()), flags=re.DOTALL)

    def _file_name(self) -> bytes:
        self._skip(BLANKS)
        end = self._source.find(b"\n", self._at)
        end = len(self._source) if end < 0 else end
        name = self._source[self._at : end]
        if not name:
            raise Die("empty filename")
        self._at = end
        return name

    def _two_parts(self) -> tuple[bytes, bytes, bytes]:
        """Delimiter, and what stands before and after the one in the middle."""
        delimiter = self._peek()
        if not delimiter:
            raise Die("bad format in substitution expression")
        self._at += 1
        first = _unescape_delimiter(self._delimited(delimiter, is_regex=True), delimiter)
        second = self._delimited(delimiter, is_regex=False)
        if delimiter != b"&":
            second = _unescape_delimiter(second, delimiter)
        return delimiter, _control_escapes(first), _control_escapes(second)

    def _table(self) -> bytes:
        delimiter, source, target = self._two_parts()
        source, target = _unescape_delimiter(source, delimiter), _unescape_delimiter(target, delimiter)
        table = bytearray(range(256))
        for old, new in reversed(list(zip(source, target, strict=False))):
            table[old] = new
        return bytes(table)

    def _substitution(self, command: Command) -> None:
        _, source, replacement = self._two_parts()
        which = 1
        flags = b""
        file: str | None = None
        while (flag := self._peek()) and flag not in b";}":
            match = _NUMBER.match(self._source, self._at)
            if match:
                which = which if source.startswith(b"^") else int(match[0])
                self._at = match.end()
                continue
            self._at += 1
            if flag == b"w":
                file = to_text(self._file_name())
                self.written.append(file)
            elif flag == b"#":
                self._rest()
            elif flag not in b"gpiI" + BLANKS:
                raise Die("bad option in substitution expression")
            which = 0 if flag == b"g" else which
            flags += flag
        regex = self._compile(source, ignore_case=b"i" in flags.lower())
        command.substitution = Substitution(regex, _parse_replacement(replacement), which, b"p" in flags, file)


def _control_escapes(text: bytes) -> bytes:
    r"""Makes characters of `\n`, `\t` and `\r`; all other escapes stay."""
    if b"\\" not in text:
        return text
    control = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}
    return re.sub(rb"\\(.)", lambda match: control.get(match[1], match[0]), text, flags=re.DOTALL)


def _unescape_delimiter(text: bytes, delimiter: bytes) -> bytes:
    """Takes the backslash from escaped delimiters."""
    if delimiter in b"ntr":
        return text
    return re.sub(rb"\\(.)", lambda match: delimiter if match[1] == delimiter else match[0], text, flags=re.DOTALL)


def _parse_replacement(text: bytes) -> tuple[bytes | int, ...]:
    pieces: list[bytes | int] = []
    literal = bytearray()
    at = 0
    while at < len(text):
        byte = text[at]
        at += 1
        group = 0 if byte == 38 else -1
        if byte == 92 and at < len(text):
            byte = text[at]
            at += 1
            if 48 <= byte <= 57:
                group = byte - 48
        if group < 0:
            literal.append(byte)
            continue
        if literal:
            pieces.append(bytes(literal))
            literal.clear()
        pieces.append(group)
    if literal:
        pieces.append(bytes(literal))
    return tuple(pieces)
