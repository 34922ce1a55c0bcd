"""ed: busybox's line editor, with texts for patterns and a language of one letter a command."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.editors.edinput import EndOfInput, Input
from podlab.mock.programs.editors.edlines import Lines, Trouble
from podlab.mock.programs.editors.edparsing import LETTERS, SPACES, parse_substitution, read_address
from podlab.mock.programs.streams import to_text

WINDOW: Final = 21


class Quit(Exception):
    """The user leaves."""


@applet("ed", "sp:")
async def ed(call: Call) -> int:
    """Edits a file, by commands from standard input."""
    editor = Editor(call)
    if call.operands:
        editor.file = call.operands[0]
        try:
            await editor.read_file(editor.file, 1)
        except Trouble as trouble:
            call.die(str(trouble), 0)
        editor.lines.dirty = False
    try:
        while True:
            await editor.turn()
    except (EndOfInput, Quit):
        return 0


class Command:
    """One command: its addresses, and what stands behind its letter."""

    __slots__ = ("addressed", "first", "last", "rest")

    def __init__(self, first: int, last: int, addressed: bool, rest: bytes) -> None:
        self.first = first
        self.last = last
        self.addressed = addressed
        self.rest = rest

    def file(self, what: str) -> str:
        """The operand of f, r or w. Raises Trouble when it is not apart from the letter."""
        if self.rest and not self.rest.startswith(b" "):
            raise Trouble(f"bad {what} command")
        return to_text(self.rest.lstrip(SPACES))


class Editor:
    """One session."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.lines = Lines(call.proc)
        self.input = Input(call)
        self.prompt = call.options.get("p") or ""
        self.quiet = "s" in call.options
        self.file: str | None = None

    async def turn(self) -> None:
        """Reads a command and does it."""
        text = (await self.input.line(self.prompt)).rstrip(SPACES)
        self.lines.begin()
        try:
            await self._do(text)
        except Trouble as trouble:
            await self.call.warn(str(trouble))

    async def _do(self, text: bytes) -> None:
        first, at = await read_address(self.lines, text, 0)
        last: int | None = None
        addressed = first is not None
        if text[at : at + 1] == b",":
            last, at = await read_address(self.lines, text, at + 1)
            first = 1 if first is None else first
            last = self.lines.last if last is None else last
            addressed = True
        if first is None:
            first = self.lines.current
        if last is None:
            last = first
        letter = text[at : at + 1].decode("latin-1")
        action = COMMANDS.get(letter)
        if action is None:
            raise Trouble("unimplemented command")
        await action(self, Command(first, last, addressed, text[at + 1 :]))

    # --- commands ---

    async def append(self, command: Command) -> None:
        """a: adds lines behind one."""
        await self._add(command.first + 1)

    async def change(self, command: Command) -> None:
        """c: puts lines in the place of others."""
        await self.delete(command)
        await self._add(command.first)

    async def insert(self, command: Command) -> None:
        """i: adds lines before one."""
        await self._add(1 if not command.addressed and not self.lines.last else command.first)

    async def _add(self, number: int) -> None:
        while (line := await self.input.text()) is not None:
            await self.lines.insert(number, line)
            number += 1

    async def delete(self, command: Command) -> None:
        """d."""
        try:
            await self.lines.delete(command.first, command.last)
        except Trouble as trouble:  # c adds its lines nevertheless
            await self.call.warn(str(trouble))

    async def name(self, command: Command) -> None:
        """f: shows the file's name, or sets it."""
        if name := command.file("file"):
            self.file = name
        else:
            await self.call.out.write_text("No file name\n" if self.file is None else f'"{self.file}"\n')

    async def mark(self, command: Command) -> None:
        """k: remembers a line by a letter."""
        name = command.rest.lstrip(SPACES)
        if len(name) != 1 or name not in LETTERS:
            raise Trouble("bad mark name")
        self.lines.marks[name.decode()] = command.last

    async def show(self, command: Command) -> None:
        """p, and a line's number alone."""
        await self._print(command.first, command.last)

    async def show_last(self, command: Command) -> None:
        """An empty command: the line addressed last, or else the next."""
        if not command.addressed:
            self.lines.go(self.lines.current + 1)
            command.last = self.lines.current
        await self._print(command.last, command.last)

    async def show_previous(self, _command: Command) -> None:
        """-: goes up a line."""
        self.lines.go(self.lines.current - 1)
        await self._print(self.lines.current, self.lines.current)

    async def show_current(self, command: Command) -> None:
        """A dot behind an address, which it does not take."""
        if command.addressed:
            raise Trouble("no arguments allowed")
        await self._print(self.lines.current, self.lines.current)

    async def show_window(self, command: Command) -> None:
        """z: the lines around the current one."""
        current, way = self.lines.current, command.rest[:1]
        if way == b"-":
            await self._print(current - WINDOW, current)
        elif way == b".":
            await self._print(current - WINDOW // 2 - 1, current + WINDOW // 2)
        else:
            await self._print(current, current + WINDOW)

    async def list(self, command: Command) -> None:
        """l: shows lines so that nothing in them is invisible."""
        self.lines.check(command.first, command.last, "print")
        place = self.lines.find(command.first)
        for number in range(command.first, command.last + 1):
            line = self.lines.ring[place].removesuffix(b"\n")
            await self.call.out.write(b"".join(map(_visible, line)) + b"$\n")
            self.lines.go(number)
            place = (place + 1) % len(self.lines.ring)

    async def _print(self, first: int, last: int) -> None:
        """Shows lines, past the buffer of standard output: they come before what the next prompt lets out."""
        self.lines.check(first, last, "print")
        place = self.lines.find(first)
        for number in range(first, last + 1):
            with suppress(OSError):
                await self.call.proc.write(1, self.lines.ring[place])
            self.lines.go(number)
            place = (place + 1) % len(self.lines.ring)

    async def number(self, command: Command) -> None:
        """=: a line's number."""
        await self.call.out.write_text(f"{command.first}\n")

    async def quit(self, command: Command) -> None:
        """q: leaves, after a question when something is not saved."""
        if command.addressed or command.rest.lstrip(SPACES):
            raise Trouble("bad quit command")
        if not self.lines.dirty:
            raise Quit
        answer = await self.input.line("Really quit? ", 16)
        if answer.lstrip(SPACES)[:1] in (b"y", b"Y"):
            raise Quit

    # --- files ---

    async def read(self, command: Command) -> None:
        """r: reads a file behind a line."""
        name = command.file("read")
        if not name:
            raise Trouble("no file name")
        try:
            await self.read_file(name, (command.first if command.addressed else self.lines.last) + 1)
        except Trouble:
            if self.file is None:
                self.file = name
            raise

    async def read_file(self, name: str, number: int) -> None:
        """Reads a file before line `number`. Raises Trouble when it cannot."""
        if number < 1 or number > self.lines.last + 1:
            raise Trouble("bad line for read")
        size = 0
        try:
            reader = await self.call.open(name)
        except OSError as error:
            raise Trouble(f"{name}: {strerror(error.errno or 0)}") from None
        while line := await reader.line():
            await self.lines.insert(number, line)
            number += 1
            size += len(line)
        reader.close()
        if reader.error is not None:
            raise Trouble(f"{name}: {strerror(reader.error.errno or 0)}")
        if not self.quiet:
            await self.call.out.write_text(f"{size}\n")

    async def write(self, command: Command) -> None:
        """w: writes lines into a file, all of them when none are addressed."""
        name = command.file("write") or self.file
        if name is None:
            raise Trouble("no file name specified")
        if not command.addressed:
            command.first, command.last = 1, self.lines.last
            self.lines.dirty = False
        self.lines.check(command.first, command.last, "write")
        try:
            size = await self._write_file(name, command.first, command.last)
        except OSError as error:
            raise Trouble(f"{name}: {strerror(error.errno or 0)}") from None
        if not self.quiet:
            await self.call.out.write_text(f"{size}\n")

    async def _write_file(self, name: str, first: int, last: int) -> int:
        proc = self.call.proc
        fd = await proc.open(name, O_WRONLY | O_CREAT | O_TRUNC)
        size = 0
        try:
            place = self.lines.find(first)
            for _ in range(first, last + 1):
                line = self.lines.ring[place]
                size += await proc.write(fd, line) if line else 0
                place = (place + 1) % len(self.lines.ring)
        finally:
            proc.close(fd)
        return size

    async def substitute(self, command: Command) -> None:
        """s: puts a text in the place of another."""
        lines = self.lines
        lines.check(command.first, command.last, "substitute")
        old, new, everywhere, shows = parse_substitution(command.rest)
        old = lines.remember(old)
        place = lines.find(command.first)
        done = False
        start = 0  # busybox looks from there in the next line too, when it has replaced one text alone in this one
        for number in range(command.first, command.last + 1):
            line = lines.ring[place]
            await self.call.proc.cpu(len(line) * 2 + 200)
            found = line.find(old, start)
            start = 0
            if found >= 0:
                done = True
                lines.replace(place, line[:found] + line[found:].replace(old, new, -1 if everywhere else 1))
                if not everywhere:
                    start = found + len(new)
                if shows:
                    await self._print(number, number)
            place = (place + 1) % len(lines.ring)
        if not done:
            raise Trouble(f'no substitutions found for "{to_text(old)}"')


def _visible(byte: int) -> bytes:
    prefix = b""
    if byte & 0x80:
        prefix, byte = b"M-", byte & 0x7F
    if byte < 32 or byte == 127:
        return prefix + b"^" + bytes((byte ^ 64,))
    return prefix + bytes((byte,))


COMMANDS: Final[dict[str, Callable[[Editor, Command], Awaitable[None]]]] = {
    "a": Editor.append,
    "c": Editor.change,
    "d": Editor.delete,
    "f": Editor.name,
    "i": Editor.insert,
    "k": Editor.mark,
    "l": Editor.list,
    "p": Editor.show,
    "q": Editor.quit,
    "r": Editor.read,
    "s": Editor.substitute,
    "w": Editor.write,
    "z": Editor.show_window,
    ".": Editor.show_current,
    "-": Editor.show_previous,
    "=": Editor.number,
    "": Editor.show_last,
}
