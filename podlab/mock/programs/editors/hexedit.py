"""hexedit: a file's bytes on the screen, changed by typing over them."""

import os
import re
from typing import Final

from podlab.mock.kernel import MILLISECOND
from podlab.mock.machine.descriptors import O_RDWR
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.termios import ECHO, ECHONL, ICANON, ICRNL, IXON, ONLCR, VMIN, VTIME, Termios
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.keyboard import Hangup, Keyboard
from podlab.mock.programs.streams import to_bytes
from podlab.mock.shell.lineedit import EndOfInput, Interrupted, LineEditor

ROW: Final = 16
PAGE: Final = 4096
NEAR_TOP: Final = 0x1FF
"""A place so near to the beginning of its page is shown with the page before it."""
ENTER_SCREEN: Final = "\x1b[?1049h"
LEAVE_SCREEN: Final = "\x1b[?1049l"
PROMPT: Final = "Go to (dec,0Xhex,0oct): "
LONGEST: Final = 1 << 63
QUIT: Final = "\x18"
_NUMBER: Final = re.compile(r"(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)([0-9a-zA-Z]?)")


@applet("hexedit", operands=(1, 1))
async def hexedit(call: Call) -> int:
    """Edits a file until ^X."""
    proc, path = call.proc, call.operands[0]
    try:
        fd = await proc.open(path, O_RDWR)
    except OSError as error:
        call.die(f"can't open '{path}': {strerror(error.errno or 0)}")
    return await HexEditor(call, fd).run()


class HexEditor:
    """A run of hexedit.

    Attributes:
        place: The byte under the cursor; the file's size when it is behind the last.
        half: Whether the cursor is on its second digit.
        row: The line of the screen.
    """

    def __init__(self, call: Call, fd: int) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.fd = fd
        self.size = call.proc.lseek(fd, 0, os.SEEK_END)
        self.place = 0
        self.half = False
        self.row = 0
        self.height = terminal.size(call.proc, next((fd for fd in (1, 2) if call.proc.isatty(fd)), 0))[1]
        self._keyboard = Keyboard(call.proc, 0)
        self._modes: Termios | None = None

    async def run(self) -> int:
        """Shows the file, and does what keys ask for."""
        await self._put(ENTER_SCREEN)
        await self._raw()
        await self._redraw(0, 0)
        while True:
            await self.call.out.flush()
            try:
                key = await self._keyboard.key()
            except Hangup:
                await self._burn()
            if not await self._do(key if len(key) > 1 else key.lower()):
                return await self._leave()

    async def _burn(self) -> None:
        """Without keys it asks for them again and again, until somebody ends it."""
        while True:
            await self.proc.cpu(MILLISECOND)

    async def _raw(self) -> None:
        if not self.proc.isatty(0):
            return
        self._modes = self.proc.tcgetattr(0)
        raw = self._modes.copy()
        raw.lflag &= ~(ICANON | ECHO | ECHONL)
        raw.iflag &= ~(IXON | ICRNL)
        raw.oflag &= ~ONLCR
        raw.cc[VMIN], raw.cc[VTIME] = 1, 0
        await self.proc.tcsetattr(0, raw)
        terminal.restore_when_killed(self.proc, 0, self._modes, to_bytes(LEAVE_SCREEN))

    async def _leave(self) -> int:
        if self._modes is not None:
            await self.proc.tcsetattr(0, self._modes)
        await self._put(LEAVE_SCREEN)
        await self.call.out.flush()
        return 0

    async def _put(self, text: str) -> None:
        self.call.out.put(to_bytes(text))

    # --- the file ---

    async def _read(self, place: int, count: int) -> bytes:
        self.proc.lseek(self.fd, place)
        return await self.proc.read(self.fd, count)

    async def _byte(self) -> int:
        return (await self._read(self.place, 1) or b"\0")[0]

    async def _set_digit(self, digit: int) -> bool:
        """Changes the digit under the cursor; behind the end, the file grows. Returns False when it cannot."""
        if self.place == self.size:
            try:
                self.proc.ftruncate(self.fd, self.size + 1)
            except OSError:
                return False
            self.size += 1
        byte = await self._byte()
        byte = byte & 0xF0 | digit if self.half else byte & 0x0F | digit << 4
        self.proc.lseek(self.fd, self.place)
        await self.proc.write(self.fd, bytes((byte,)))
        return True

    # --- the screen ---

    async def _line(self, place: int) -> tuple[str, int]:
        """A line of the screen, and where its first byte stands in it."""
        data = await self._read(place, ROW) if place < self.size else b""
        head = f"{place:08x} "
        digits = "".join(f"{byte:02X} " for byte in data)
        text = "".join(chr(byte) if 32 <= byte <= 126 else "." for byte in data)
        return f"{head}{digits:<{3 * ROW}}{text:<{ROW}}", len(head)

    async def _redraw(self, base: int, cursor: int) -> None:
        """Draws the screen from `base`, or so much further that the cursor, so far behind it, is on the last line."""
        skipped = max(cursor // ROW - self.height + 1, 0) * ROW
        base, cursor = base + skipped, cursor - skipped
        lines = [await self._line(base + ROW * number) for number in range(self.height)]
        await self._put("\x1b[H\x1b[J" + "\r\n".join(text for text, _ in lines))
        self.row = cursor // ROW
        await self._put(f"\x1b[{1 + self.row};{1 + lines[-1][1] + cursor % ROW * 3}H")

    async def _redraw_line(self) -> None:
        """Draws the cursor's line, from the cursor and then up to it."""
        column = self.place % ROW
        text, start = await self._line(self.place - column)
        at = start + column * 3 + self.half
        await self._put(f"{text[at:]}\r{text[:at]}")

    # --- keys ---

    async def _do(self, key: str) -> bool:
        """Does what a key asks for. Returns False when that is to leave."""
        if len(key) == 1 and key in "0123456789abcdef":
            if await self._set_digit(int(key, 16)):
                await self._redraw_line()
                await self._right()
        elif key == "right":
            await self._right()
        elif key == "left":
            await self._left()
        elif key in ("down", "page down"):
            await self._down(self.height if key == "page down" else 1)
        elif key in ("up", "page up"):
            await self._up(self.height if key == "page up" else 1)
        elif key in ("\r", "\n"):
            return await self._go_to()
        return key != QUIT

    async def _right(self) -> None:
        if self.place == self.size:
            return
        digits = f"{await self._byte():02X}"
        if not self.half:
            self.half = True
            await self._put(digits[0])
            return
        self.half = False
        self.place += 1
        if self.place % ROW == 0:
            await self._put("\x1b[46D")
            await self._line_down()
        else:
            await self._put(f"{digits[1]} ")

    async def _left(self) -> None:
        if self.half:
            self.half = False
            await self._put("\x1b[D")
        elif self.place % ROW:
            self.half = True
            self.place -= 1
            await self._put("\x1b[2D")
        elif self.place:
            self.half = True
            self.place -= 1
            await self._put("\x1b[46C")
            await self._line_up()

    async def _down(self, count: int) -> None:
        for _ in range(count):
            if self.place + ROW > self.size:
                return
            self.place += ROW
            await self._line_down()

    async def _line_down(self) -> None:
        """The cursor moves to the next line, and the screen with it at its end."""
        await self._put("\n")
        self.row += 1
        if self.row >= self.height:
            self.row -= 1
            await self._redraw_line()

    async def _up(self, count: int) -> None:
        for _ in range(count):
            if self.place < ROW:
                return
            self.place -= ROW
            await self._line_up()

    async def _line_up(self) -> None:
        if self.row:
            self.row -= 1
            await self._put("\x1b[A")
        else:
            await self._put("\x1bM")
            await self._redraw_line()

    async def _echo(self, data: bytes) -> None:
        """Shows what is typed at the prompt, which comes out before the screen's last line is cleared."""
        cleared = b"\x1b[999;1H\x1b[K" if data == PROMPT.encode() else b""
        await self.proc.write(1, data + cleared)

    async def _go_to(self) -> bool:
        """Asks for a place, and goes there. Returns False when the answer is ^C or ^D."""
        try:
            text = await LineEditor(self.proc, self._echo).read_line(PROMPT)
        except (Interrupted, EndOfInput):
            return False
        match = _NUMBER.match(text)
        wanted = _number(match[1]) if match and not match[2] else -1
        place = min(wanted, self.size - 1) if wanted < LONGEST else -1
        base = place // PAGE * PAGE
        cursor = place - base
        if place < 0:
            base = cursor = 0
        if base and cursor < NEAR_TOP:
            base, cursor = base - PAGE, cursor + PAGE
        self.place = base + cursor
        await self._redraw(base, cursor)
        return True


def _number(text: str) -> int:
    return int(text, 16) if text[:2] in ("0x", "0X") else int(text, 8) if text[0] == "0" else int(text)
