"""What ed reads its commands from: lines of standard input, which a terminal lets the user edit."""

from typing import Final

from podlab.mock.machine.termios import ECHO, ICANON
from podlab.mock.programs.applet import Call
from podlab.mock.programs.streams import to_bytes
from podlab.mock.shell import lineedit

LINE_SIZE: Final = 1024
LINE_COST_NS: Final = 1_000


class EndOfInput(Exception):
    """There are no more commands."""


class Input:
    """Standard input, by lines of fewer than LINE_SIZE bytes: what is longer comes in pieces."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._rest = b""
        self._editor = lineedit.LineEditor(call.proc, self._show)

    async def line(self, prompt: str, size: int = LINE_SIZE) -> bytes:
        """The next line, after a prompt. Raises EndOfInput."""
        await self._call.proc.cpu(LINE_COST_NS)
        line = await (self._edited(prompt) if self._on_terminal() else self._plain(prompt, size))
        if not line:
            raise EndOfInput
        return line

    async def text(self) -> bytes | None:
        """A line to insert; None after the last, which is a dot alone."""
        try:
            line = await self.line("", LINE_SIZE + 1)
        except EndOfInput:
            return None
        return None if line == b".\n" else line

    def _on_terminal(self) -> bool:
        """Whether keys can be read one by one: not where somebody has switched off the echo."""
        proc = self._call.proc
        return proc.isatty(0) and proc.tcgetattr(0).lflag & (ECHO | ICANON) != ICANON

    async def _edited(self, prompt: str) -> bytes:
        await self._call.out.flush()
        try:
            return to_bytes(await self._editor.read_line(prompt))
        except (lineedit.EndOfInput, lineedit.Interrupted):
            return b""

    async def _plain(self, prompt: str, size: int) -> bytes:
        await self._call.error(prompt)  # before what was printed so far
        await self._call.out.flush()
        line = self._rest or await self._call.stdin.line()
        line, self._rest = line[: size - 1], line[size - 1 :]
        return line.partition(b"\0")[0]

    async def _show(self, data: bytes) -> None:
        await self._call.proc.write(2, data)
