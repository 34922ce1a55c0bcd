"""Runs a sed script over lines."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from podlab.mock.programs.applet import Call, Die
from podlab.mock.programs.regex import Regex, Spans, TooComplex
from podlab.mock.programs.sed.script import Command, Substitution
from podlab.mock.programs.streams import Reader, Writer, to_text

COMMAND_COST_NS: Final = 1_000
STEPS: Final = 256
"""How many commands run before others get their turn."""
STEP_BYTES: Final = 16_384
"""For each so many bytes in the pattern space, a command counts once more."""
QUIT: Final = -1
NEXT_CYCLE: Final = -2
END_OF_SCRIPT: Final = -3
"""What a command's handler may give instead of the index of the next command."""


class Lines(Protocol):
    """Where lines come from: all files as one, or with -i each by itself."""

    async def next(self) -> tuple[bytes, bytes] | None:
        """The next line and what ended it (empty at the end of a file without a newline), or None."""


class Output:
    """Where lines go. A line that had no newline gets one as soon as another follows it."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self._last = b"\n"

    def put(self, text: bytes, end: bytes = b"\n") -> None:
        """Writes a line."""
        if self._last != b"\n":
            self.writer.put(b"\n")
        self.writer.put(text + end)
        self._last = end or (b"x" if text else b"\n")


class Editor:
    """The state of one run: pattern and hold space, the line's number, what is appended after the cycle.

    Args:
        call: Whose process it is.
        commands: The script.
        quiet: Whether -n was given.
        files: Files that w writes to, by name.
        last: The regular expression of the last address in the script: what an empty one means at first.
    """

    def __init__(self, call: Call, commands: list[Command], quiet: bool, files: dict[str, Output], last: Regex | None) -> None:
        self.call = call
        self.commands = commands
        self.quiet = quiet
        self.files = files
        self.output = Output(call.out)
        self.pattern = b""
        self.end = b"\n"
        self.hold = b""
        self.number = 0
        self.upcoming: tuple[bytes, bytes] | None = None
        self.last_regex = last
        self.substituted = False
        self._appended: list[bytes] = []
        self._lines: Lines
        self._steps = 0
        self._charged = 0
        self._handlers: dict[str, Callable[[Command, int], int | Awaitable[int]]] = {
            letter: getattr(self, f"_do_{name}") for letter, name in _HANDLERS.items()
        }

    async def run(self, lines: Lines) -> None:
        """Edits all lines."""
        self._lines = lines
        self.upcoming = await lines.next()
        while self.upcoming is not None:
            self.substituted = False
            await self._advance()
            await self._cycle()
            for text in self._appended:
                self.output.put(text)
            self._appended.clear()
            await self.output.writer.relieve()

    async def _advance(self) -> None:
        """Takes the line that was read ahead into the pattern space."""
        assert self.upcoming is not None
        self.pattern, self.end = self.upcoming
        self.upcoming = await self._lines.next()
        self.number += 1

    async def _cycle(self) -> None:
        """Runs the script once over the pattern space."""
        index = 0
        commands = self.commands
        while index < len(commands):
            self._steps += 1 + len(self.pattern) // STEP_BYTES
            if self._steps >= STEPS:
                steps, self._steps = self._steps, 0
                await self.call.proc.cpu(steps * COMMAND_COST_NS)
                await self.output.writer.relieve()
            command = commands[index]
            if (command.always or self._selects(command)) == command.invert:
                if command.letter == "{":
                    if command.jump is None:
                        raise Die("unterminated {")
                    index = command.jump
                index += 1
                continue
            if command.begin_regex is not None:
                self.last_regex = command.begin_regex
            step = self._handlers[command.letter](command, index)
            index = step if isinstance(step, int) else await step
            if index < 0:
                break
        self._finish_cycle(index)

    def _finish_cycle(self, how: int) -> None:
        if how != NEXT_CYCLE and not self.quiet:
            self.output.put(self.pattern, self.end)
        if how == QUIT:
            self.upcoming = None

    # --- addresses ---

    def _regex(self, regex: Regex | None) -> Regex:
        if regex is not None:
            return regex
        if self.last_regex is None:
            raise Die("no previous regexp")
        return self.last_regex

    def _search(self, regex: Regex, at: int = 0) -> Spans | None:
        if regex.slow:
            self._steps += STEPS
        try:
            return regex.search_on(self.pattern, at)
        except TooComplex:
            raise Die(f"bad regex '{to_text(regex.source)}': Memory exhausted") from None

    async def _search_slowly(self, regex: Regex, at: int) -> Spans | None:
        if not regex.slow:
            return self._search(regex, at)
        try:
            return await regex.search_slowly(self.pattern, at, self.call.proc.cpu)
        except TooComplex:
            raise Die(f"bad regex '{to_text(regex.source)}': Memory exhausted") from None

    def _selects(self, command: Command) -> bool:
        """Whether the command's addresses select the line; moves its range on."""
        was_active = command.active
        if not was_active:
            command.current_end = command.end_line
            command.active = self._begins(command)
        selected = command.active
        if selected:
            if command.current_end <= -2:
                command.current_end = self.number - command.current_end - 2
            if command.current_begin > 0:
                command.current_begin = -2  # a range from a line number begins once
            command.active = not self._ends(command, was_active)
        return selected

    def _begins(self, command: Command) -> bool:
        line = command.current_begin
        if line > 0:
            is_range = command.end_line or command.end_regex is not None
            if line <= self.number if is_range else line == self.number:
                return True
        if command.begin_regex is not None and self._search(command.begin_regex) is not None:
            return True
        return line == -1 and self.upcoming is None

    def _ends(self, command: Command, was_active: bool) -> bool:
        end = command.current_end
        if end:
            if (self.upcoming is None) if end == -1 else end <= self.number:
                return True
        elif command.end_regex is None:
            return True
        return command.end_regex is not None and was_active and self._search(command.end_regex) is not None

    # --- commands: each gives the index to go on at ---

    def _do_nothing(self, command: Command, index: int) -> int:
        return index + 1

    def _do_append(self, command: Command, index: int) -> int:
        self._appended.append(command.text)
        return index + 1

    def _do_insert(self, command: Command, index: int) -> int:
        self.output.put(command.text)
        return index + 1

    def _do_change(self, command: Command, index: int) -> int:
        if not command.active:
            self.output.put(command.text)
        return NEXT_CYCLE

    def _do_branch(self, command: Command, index: int) -> int:
        if not command.text:
            return END_OF_SCRIPT
        if command.jump is None or command.jump < 0:
            raise Die(f"can't find label for jump to '{to_text(command.text)}'")
        return command.jump

    def _do_test(self, command: Command, index: int) -> int:
        if not self.substituted:
            return index + 1
        self.substituted = False
        return self._do_branch(command, index)

    def _do_test_not(self, command: Command, index: int) -> int:
        return index + 1 if self.substituted else self._do_branch(command, index)

    def _do_delete(self, command: Command, index: int) -> int:
        return NEXT_CYCLE

    def _do_delete_first(self, command: Command, index: int) -> int:
        _, newline, rest = self.pattern.partition(b"\n")
        if not newline:
            return NEXT_CYCLE
        self.pattern = rest
        return 0

    def _do_get(self, command: Command, index: int) -> int:
        self.pattern = self.hold
        return index + 1

    def _do_get_append(self, command: Command, index: int) -> int:
        self._make(len(self.pattern) + len(self.hold))
        self.pattern += b"\n" + self.hold
        self.end = b"\n"
        return index + 1

    def _do_hold(self, command: Command, index: int) -> int:
        self.hold = self.pattern
        return index + 1

    def _do_hold_append(self, command: Command, index: int) -> int:
        self._make(len(self.pattern) + len(self.hold))
        self.hold += b"\n" + self.pattern
        return index + 1

    def _do_exchange(self, command: Command, index: int) -> int:
        self.pattern, self.hold = self.hold, self.pattern
        self.end = b"\n"
        return index + 1

    def _make(self, size: int) -> None:
        """Accounts the memory of a space of so many bytes, which is going to be made."""
        if size > 2 * self._charged + 65_536:
            self.call.proc.charge_memory(2 * (size - self._charged))
            self._charged = size

    async def _do_next(self, command: Command, index: int) -> int:
        if not self.quiet:
            self.output.put(self.pattern, self.end)
        if self.upcoming is None:
            return NEXT_CYCLE
        self.substituted = False
        await self._advance()
        return index + 1

    async def _do_next_append(self, command: Command, index: int) -> int:
        if self.upcoming is None:
            return END_OF_SCRIPT
        before = self.pattern
        await self._advance()
        self._make(len(before) + len(self.pattern))
        self.pattern = before + b"\n" + self.pattern
        return index + 1

    def _do_print(self, command: Command, index: int) -> int:
        self.output.put(self.pattern)
        return index + 1

    def _do_print_first(self, command: Command, index: int) -> int:
        self.output.put(self.pattern.partition(b"\n")[0])
        return index + 1

    def _do_number(self, command: Command, index: int) -> int:
        self.output.writer.put(b"%d\n" % self.number)
        return index + 1

    def _do_quit(self, command: Command, index: int) -> int:
        return QUIT

    async def _do_read(self, command: Command, index: int) -> int:
        try:
            reader = Reader(self.call.proc, await self.call.proc.open(to_text(command.text)))
        except OSError:
            return index + 1
        while lines := await reader.lines():
            self._appended += lines
        reader.close()
        return index + 1

    async def _do_write(self, command: Command, index: int) -> int:
        file = self.files[to_text(command.text)]
        file.put(self.pattern, self.end)
        await file.writer.relieve()
        return index + 1

    def _do_translate(self, command: Command, index: int) -> int:
        self.pattern = self.pattern.translate(command.text)
        return index + 1

    async def _do_substitute(self, command: Command, index: int) -> int:
        substitution = command.substitution
        assert substitution is not None
        if await self._substitute(substitution):
            self.substituted = True
            if substitution.prints:
                self.output.put(self.pattern)
            if substitution.file is not None:
                file = self.files[substitution.file]
                file.put(self.pattern, self.end)
                await file.writer.relieve()
        return index + 1

    async def _substitute(self, substitution: Substitution) -> bool:
        """Replaces in the pattern space; whether anything was."""
        regex = self.last_regex = self._regex(substitution.regex)
        text = self.pattern
        out: list[bytes] = []
        at = count = 0
        altered = False
        empty_before = True
        tried_at_end = False
        while (spans := await self._search_slowly(regex, at)) is not None:
            begin, end = spans[0]
            count += 1
            wanted = substitution.which in (0, count)
            out.append(text[at : begin if wanted else end])
            if wanted and (empty_before or begin != at or begin != end):
                spans = regex.with_groups(text, spans)
                out += [piece if isinstance(piece, bytes) else _group(text, spans, piece) for piece in substitution.replacement]
                altered = True
            if wanted:
                empty_before = begin == end
            if begin == end:
                out.append(text[end : end + 1])
                tried_at_end = tried_at_end or (wanted and end >= len(text))
                end = min(end + 1, len(text))
            at = end
            if wanted and substitution.which:
                break
            if at >= len(text):
                if tried_at_end:
                    break
                tried_at_end = True
        if altered:
            out.append(text[at:])
            self._make(sum(map(len, out)))
            self.pattern = b"".join(out)
        return altered


def _group(text: bytes, spans: Spans, number: int) -> bytes:
    if number >= len(spans) or spans[number][0] < 0:
        return b""
    return text[spans[number][0] : spans[number][1]]


_HANDLERS: Final = {
    "a": "append",
    "i": "insert",
    "c": "change",
    ":": "nothing",
    "{": "nothing",
    "}": "nothing",
    "l": "nothing",
    "b": "branch",
    "t": "test",
    "T": "test_not",
    "d": "delete",
    "D": "delete_first",
    "g": "get",
    "G": "get_append",
    "h": "hold",
    "H": "hold_append",
    "x": "exchange",
    "n": "next",
    "N": "next_append",
    "p": "print",
    "P": "print_first",
    "=": "number",
    "q": "quit",
    "r": "read",
    "w": "write",
    "y": "translate",
    "s": "substitute",
}
