"""Line editing on a terminal, as busybox does it: what the keys do, and what is sent to the terminal for each."""

from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.termios import ECHO, ICANON, ISIG
from podlab.mock.shell.completion import Completer
from podlab.mock.shell.encoding import from_bytes, to_bytes
from podlab.mock.shell.prompt import Prompt

MAX_LINE: Final = 1022
DEFAULT_WIDTH: Final = 80
_CLEAR_TO_END: Final = "\x1b[J"
_BEEP: Final = "\a"

_KEYS: Final = {
    "\x01": "home",
    "\x02": "left",
    "\x04": "end_of_file",
    "\x05": "end",
    "\x06": "right",
    "\x08": "backspace",
    "\t": "complete",
    "\x0b": "kill_to_end",
    "\x0c": "clear_screen",
    "\x0e": "next",
    "\x10": "previous",
    "\x12": "search",
    "\x15": "kill_to_start",
    "\x17": "kill_word",
    "\x7f": "backspace",
}
_SEQUENCES: Final = {
    "[A": "previous",
    "[B": "next",
    "[C": "right",
    "[D": "left",
    "[H": "home",
    "[F": "end",
    "OH": "home",
    "OF": "end",
    "OA": "previous",
    "OB": "next",
    "OC": "right",
    "OD": "left",
    "[1~": "home",
    "[3~": "delete",
    "[4~": "end",
    "[7~": "home",
    "[8~": "end",
    "[1;5C": "word_right",
    "[1;5D": "word_left",
    "b": "word_left",
    "f": "word_right",
    "d": "kill_word_right",
    "\x7f": "kill_word",
}


Write = Callable[[bytes], Awaitable[object]]


class Interrupted(Exception):
    """^C was pressed."""


class EndOfInput(Exception):
    """^D was pressed on an empty line, or the terminal is gone."""


class TimedOut(Exception):
    """No key was pressed for too long."""


class LineEditor:
    """Reads lines from the terminal on standard input.

    Args:
        process: Who reads.
        write: Shows bytes on the terminal.
        completer: Finds what a word may become; without one there is neither completion nor a history.

    Attributes:
        history: The lines that were typed, oldest first.
    """

    def __init__(self, process: Process, write: Write, completer: Completer | None = None) -> None:
        self.process = process
        self.write = write
        self.history: list[str] = []
        self.completer = completer
        self.text = ""
        self.cursor = 0
        self.prompt = Prompt("", 0)
        self.idle_ns: int | None = None
        self.column = 0
        self.row = 0
        self.width = DEFAULT_WIDTH
        self.pending = ""
        self.place = 0
        self.draft = ""
        self.tabbed = False
        self.output: list[str] = []

    async def read_line(self, prompt: Prompt | str, idle_seconds: int | None = None) -> str:
        """Reads a line, with its newline, waiting no longer than `idle_seconds` for a key.

        Raises:
            Interrupted, EndOfInput, TimedOut: No line came.
            InterruptedError: A trapped signal arrived.
        """
        self.prompt = prompt if isinstance(prompt, Prompt) else Prompt(prompt, len(prompt.rpartition("\n")[2]))
        self.idle_ns = None if idle_seconds is None else idle_seconds * SECOND
        process = self.process
        modes = process.tcgetattr(0)
        if modes.lflag & (ECHO | ICANON) == ICANON:
            return await self._read_unseen()
        raw = modes.copy()
        raw.lflag &= ~(ICANON | ECHO | ISIG)
        await process.tcsetattr(0, raw)
        try:
            return await self._edit()
        finally:
            await self._flush()
            await process.tcsetattr(0, modes)

    async def _read_unseen(self) -> str:
        """Reads a line as the terminal gives it, where it does not echo (`stty -echo`). Raises EndOfInput."""
        self.column = self.row = 0
        self._show_prompt()
        await self._flush()
        line = from_bytes(await self.process.read(0, MAX_LINE))
        if not line:
            raise EndOfInput
        return line

    async def _edit(self) -> str:
        self.width = self.process.tcgetwinsize(0)[1] or DEFAULT_WIDTH
        self.text, self.cursor = "", 0
        self.place = len(self.history)
        self.column = self.row = 0
        self._show_prompt()
        while True:
            await self._flush()
            key = await self._key()
            action = _KEYS.get(key, "")
            self.tabbed = self.tabbed and action == "complete"
            if key in ("\r", "\n"):
                break
            if key == "\x03":
                raise Interrupted
            if action == "end_of_file" and not self.text:
                raise EndOfInput
            if key == "\x1b":
                action = _SEQUENCES.get(await self._sequence(), "")
            if action == "complete":
                await self._complete()
            elif action:
                await _ACTIONS[action](self)
            elif key >= " ":
                self._insert(key)
        self._to_end()
        self.output.append("\n")
        if self.completer is not None and self.text and (not self.history or self.history[-1] != self.text):
            self.history.append(self.text)
        return self.text + "\n"

    # --- the terminal ---

    async def _flush(self) -> None:
        if self.output:
            data = to_bytes("".join(self.output))
            self.output.clear()
            await self.write(data)

    async def _key(self) -> str:
        if not self.pending:
            try:
                if self.idle_ns is not None and not (await self.process.poll((0,), (), self.idle_ns))[0]:
                    raise TimedOut
                data = await self.process.read(0, 1)  # what is typed ahead is for whoever reads next
            except InterruptedError:
                raise
            except OSError:
                raise EndOfInput from None
            if not data:
                raise EndOfInput
            self.pending = from_bytes(data)
        key, self.pending = self.pending[0], self.pending[1:]
        return key

    async def _sequence(self) -> str:
        """The rest of an escape sequence."""
        first = await self._key()
        if first not in ("[", "O"):
            return first
        text = first
        while True:
            char = await self._key()
            text += char
            if char.isalpha() or char == "~" or len(text) > 8:
                return text

    def _show_prompt(self, again: bool = False) -> None:
        self.output.append(self.prompt.last_line if again else self.prompt.text)
        self.column, self.row = self.prompt.width % self.width, 0

    def _put(self, char: str) -> None:
        """Shows a character; at the edge of the window makes the cursor go to the next row."""
        self.output.append(char if char >= " " else "^" + chr(ord(char) ^ 0x40))
        self.column += 1 if char >= " " else 2
        if self.column >= self.width:
            self.row += 1
            self.column -= self.width
            self.output.append("\r\n")

    def _advance(self) -> None:
        """Shows the character at the cursor, and moves past it."""
        self._put(self.text[self.cursor])
        self.cursor += 1

    def _to_end(self) -> None:
        while self.cursor < len(self.text):
            self._advance()

    def _back(self, count: int) -> None:
        """Moves the cursor back over characters."""
        count = min(count, self.cursor)
        if not count:
            return
        self.cursor -= count
        if count <= self.column:
            self.column -= count
            self.output.append("\b" * count if count <= 4 else f"\x1b[{count}D")
            return
        rows = (count - self.column + self.width - 1) // self.width
        self.column = self.column - count + rows * self.width
        self.row -= rows
        self.output.append(f"\r\x1b[{rows}A" + (f"\x1b[{self.column}C" if self.column else ""))

    def _redraw(self, behind: int = 0, whole: bool = False) -> None:
        """Draws the line anew, from the (`whole`) prompt, and leaves the cursor `behind` characters from its end."""
        if self.row > 0:
            self.output.append(f"\x1b[{self.row}A")
        self.output.append("\r")
        self._show_prompt(again=not whole)
        self.cursor = 0
        self._to_end()
        self.output.append(_CLEAR_TO_END)
        self._back(behind)

    # --- the keys ---

    def _insert(self, char: str) -> None:
        if len(self.text) >= MAX_LINE:
            return
        self.text = self.text[: self.cursor] + char + self.text[self.cursor :]
        behind = len(self.text) - self.cursor - 1
        self._to_end()
        self._back(behind)

    async def _delete(self) -> None:
        if self.cursor == len(self.text):
            return
        self.text = self.text[: self.cursor] + self.text[self.cursor + 1 :]
        self.output.append(_CLEAR_TO_END)
        behind = len(self.text) - self.cursor
        self._to_end()
        self._back(behind)

    async def _backspace(self) -> None:
        if self.cursor:
            self._back(1)
            await self._delete()

    async def _left(self) -> None:
        self._back(1)

    async def _right(self) -> None:
        if self.cursor < len(self.text):
            self._advance()

    async def _home(self) -> None:
        self._back(self.cursor)

    async def _end(self) -> None:
        self._to_end()

    async def _kill_to_end(self) -> None:
        self.text = self.text[: self.cursor]
        self.output.append(_CLEAR_TO_END)

    async def _kill_to_start(self) -> None:
        if self.cursor:
            self.text = self.text[self.cursor :]
            self._redraw(len(self.text))

    async def _kill_word(self) -> None:
        while self.cursor and self.text[self.cursor - 1].isspace():
            await self._backspace()
        while self.cursor and not self.text[self.cursor - 1].isspace():
            await self._backspace()

    async def _word_left(self) -> None:
        start = self.cursor
        while start and not self.text[start - 1].isalnum():
            start -= 1
        while start and self.text[start - 1].isalnum():
            start -= 1
        self._back(self.cursor - start)

    async def _word_right(self) -> None:
        while self.cursor < len(self.text) and not self.text[self.cursor].isalnum():
            self._advance()
        while self.cursor < len(self.text) and self.text[self.cursor].isalnum():
            self._advance()

    async def _kill_word_right(self) -> None:
        end = self.cursor
        while end < len(self.text) and not self.text[end].isalnum():
            end += 1
        while end < len(self.text) and self.text[end].isalnum():
            end += 1
        for _ in range(end - self.cursor):
            await self._delete()

    async def _clear_screen(self) -> None:
        self.output.append("\x1b[H" + _CLEAR_TO_END)
        self.row = 0
        self._redraw(len(self.text) - self.cursor, whole=True)

    async def _previous(self) -> None:
        if self.place == 0:
            self.output.append(_BEEP * 2)
            return
        if self.place == len(self.history):
            self.draft = self.text
        self.place -= 1
        self._show_history()

    async def _next(self) -> None:
        if self.place == len(self.history):
            self.output.append(_BEEP)
            return
        self.place += 1
        self._show_history()

    def _show_history(self) -> None:
        self.text = self.history[self.place] if self.place < len(self.history) else self.draft
        self._redraw()

    async def _search(self) -> None:
        """^R: looks backwards in the history for what is typed."""
        if self.completer is None:
            return
        wanted = ""
        self.text = ""
        while True:
            self._show_search(wanted)
            await self._flush()
            key = await self._key()
            if key in ("\x08", "\x7f"):
                wanted = wanted[:-1]
            elif key >= " ":
                wanted += key
            elif key != "\x12":
                self.pending = key + self.pending
                break
            self._find(wanted, again=key == "\x12")
        self._redraw(len(self.text) - max(self.text.find(wanted), 0))

    def _show_search(self, wanted: str) -> None:
        searching = f"(reverse-i-search)'{wanted}': "
        prompt, self.prompt = self.prompt, Prompt(searching, len(searching))
        self._redraw(len(self.text) - max(self.text.find(wanted), 0))
        self.prompt = prompt

    def _find(self, wanted: str, again: bool) -> None:
        start = self.place - again
        for place in range(min(start, len(self.history) - 1), -1, -1):
            if wanted in self.history[place]:
                self.place, self.text = place, self.history[place]
                return
        self.output.append(_BEEP)

    async def _complete(self) -> None:
        """Tab: completes the word before the cursor; a second tab lists what it may become."""
        if self.completer is None:
            return
        word_start, found = self.completer.matches(self.text[: self.cursor])
        if not found:
            self.output.append(_BEEP)
            return
        word = self.text[word_start : self.cursor]
        common = _common_prefix(found)
        done = len(found) == 1
        replacement = common + ("" if not done or common.endswith("/") else " ")
        if replacement != word and len(replacement) >= len(word):
            rest = self.text[self.cursor :]
            self.text = self.text[:word_start] + replacement + rest
            self._redraw(len(rest))
            if done:
                return
        if self.tabbed:
            self._list(found)
        self.output.append("" if self.tabbed else _BEEP)
        self.tabbed = not self.tabbed

    def _list(self, found: list[str]) -> None:
        behind = len(self.text) - self.cursor
        self._to_end()
        names = [name.rstrip("/").rpartition("/")[2] + ("/" if name.endswith("/") else "") for name in found]
        width = max(map(len, names)) + 2
        columns = max(self.width // width, 1)
        rows = (len(names) + columns - 1) // columns
        self.output.append("\n")
        for row in range(rows):
            line = [names[index] for index in range(row, len(names), rows)]
            self.output.append("".join(name.ljust(width) for name in line[:-1]) + line[-1] + "\n")
        self.row = 0
        self._redraw(behind, whole=True)

    async def _nothing(self) -> None:
        """^D in a line that is not empty deletes as the delete key does."""
        await self._delete()


def _common_prefix(words: list[str]) -> str:
    first, last = min(words), max(words)
    length = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), min(len(first), len(last)))
    return first[:length]


_ACTIONS: Final[dict[str, Callable[[LineEditor], Awaitable[None]]]] = {
    "backspace": LineEditor._backspace,
    "clear_screen": LineEditor._clear_screen,
    "delete": LineEditor._delete,
    "end": LineEditor._end,
    "end_of_file": LineEditor._nothing,
    "home": LineEditor._home,
    "kill_to_end": LineEditor._kill_to_end,
    "kill_to_start": LineEditor._kill_to_start,
    "kill_word": LineEditor._kill_word,
    "kill_word_right": LineEditor._kill_word_right,
    "left": LineEditor._left,
    "next": LineEditor._next,
    "previous": LineEditor._previous,
    "right": LineEditor._right,
    "search": LineEditor._search,
    "word_left": LineEditor._word_left,
    "word_right": LineEditor._word_right,
}
