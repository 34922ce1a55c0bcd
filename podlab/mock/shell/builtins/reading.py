"""The `read` built-in."""

import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.termios import ECHO, ECHOK, ECHONL, ICANON
from podlab.mock.shell.builtin import OptionParser
from podlab.mock.shell.encoding import from_bytes
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.variables import is_name

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_TIMEOUT: Final = re.compile(r"(\d+)(?:\.(.*))?", re.DOTALL)
_BLOCK: Final = 512
CHARACTER_COST_NS: Final = 2_000
_NANOSECONDS: Final = 1_000_000
_INT_MAX: Final = (1 << 31) - 1


@dataclass(slots=True)
class _Request:
    """What `read` was asked for. `timeout_ms` and `count` are None and 0 when not limited."""

    names: list[str]
    raw: bool = False
    silent: bool = False
    prompt: str | None = None
    count: int = 0
    timeout_ms: int | None = None
    fd: int = 0
    delimiter: str = "\n"


async def _parse(shell: "Shell", argv: list[str]) -> _Request | None:
    """What is asked for; None when a name is none, which is looked at before the options' values are."""
    options = OptionParser(argv, "p:u:rt:n:sd:")
    given: dict[str, str] = {}
    while letter := options.next():
        given[letter] = options.argument
    for name in options.rest:
        if not is_name(name):
            await shell.complain(f"read: '{name}': bad variable name")
            return None
    request = _Request(options.rest, raw="r" in given, silent="s" in given, prompt=given.get("p"))
    if "n" in given:
        if not given["n"].isdigit():
            raise ShellError("invalid count")
        request.count = int(given["n"])
    if "t" in given:
        request.timeout_ms = _milliseconds(given["t"])
    if "u" in given:
        if not given["u"].isdigit() or int(given["u"]) > _INT_MAX:
            raise ShellError("invalid file descriptor")
        request.fd = int(given["u"])
    if "d" in given:
        request.delimiter = given["d"][:1] or "\0"
    return request


def _milliseconds(text: str) -> int:
    match = _TIMEOUT.fullmatch(text)
    if match is None:
        raise ShellError("invalid timeout")
    fraction = (match[2] or "")[:3]
    if fraction and not fraction.isdigit():
        raise ShellError("invalid timeout")
    return min(int(match[1]), 2_097_151) * 1000 + int(fraction.ljust(3, "0"))


async def read(shell: "Shell", argv: list[str]) -> int:
    """Reads a line into variables, one field each."""
    request = await _parse(shell, argv)
    if request is None:
        return 1
    process = shell.process
    if request.timeout_ms == 0:
        try:
            ready, _ = await process.poll((request.fd,), (), 0)
        except OSError:
            return 1
        return int(not ready)
    if request.prompt is not None and process.isatty(request.fd):
        await shell.err(request.prompt)
    if not process.isatty(request.fd) or not (request.silent or request.count):
        return await _Reading(shell, request).run()
    modes = process.tcgetattr(request.fd)
    quiet = modes.copy()
    if request.count:
        quiet.lflag &= ~ICANON
    if request.silent:
        quiet.lflag &= ~(ECHO | ECHOK | ECHONL)
    await process.tcsetattr(request.fd, quiet)
    try:
        return await _Reading(shell, request).run()
    finally:
        await process.tcsetattr(request.fd, modes)


class _Reading:
    """One `read` under way."""

    __slots__ = ("buffer", "deadline_ns", "escaped", "left", "names", "regular", "request", "shell", "start_word", "unread")

    def __init__(self, shell: "Shell", request: _Request) -> None:
        self.shell = shell
        self.request = request
        self.names = list(request.names)
        self.buffer: list[str] = []
        self.unread = b""
        self.deadline_ns: int | None = None
        self.left = request.count or -1
        if request.timeout_ms is not None:
            self.deadline_ns = shell.process.kernel.now_ns + request.timeout_ms * _NANOSECONDS
        try:
            self.regular = stat.S_ISREG(shell.process.fstat(request.fd).mode)
        except OSError:
            self.regular = False

    async def run(self) -> int:
        """Reads, and sets the variables. Returns the status."""
        status = await self.gather()
        if status < 0:
            return 1
        self.finish()
        return status

    async def gather(self) -> int:
        """Reads characters up to the delimiter, splitting off all but the last field.

        Returns 1 at the end of the input, -1 when late.
        """
        self.start_word = 1
        self.escaped = False
        while True:
            char = await self.character()
            if not char:
                status = -1 if char is None else 1
                break
            if char == self.request.delimiter and not self.escaped:
                status = 0
                break
            if self.takes(char):
                self.buffer.append(char)
            if self.counted_out():
                status = 0
                break
        self.give_back()
        return status

    def takes(self, char: str) -> bool:
        """Whether a character becomes part of a field: not a backslash that quotes, nor a separator."""
        if self.escaped:
            self.escaped = False
            return char != "\n"
        if char == "\\" and not self.request.raw:
            self.escaped = True
            return False
        if char == "\0":
            return False
        return not self.names or self.split(char)

    def counted_out(self) -> bool:
        """Whether the characters that -n allows have been read."""
        self.left -= 1
        return self.left == 0

    def split(self, char: str) -> bool:
        """Ends a field at an IFS character. Returns whether `char` is kept; `start_word` counts what may stand between fields."""
        separator = char in self.shell.ifs
        blank = char in " \t\n\r\f\v"
        if self.start_word and separator:
            if blank:
                return False
            self.start_word -= 1
            if self.start_word == 1:
                return False
        self.start_word = 0
        if len(self.names) > 1 and separator:
            self.shell.assign(self.names.pop(0), "".join(self.buffer))
            self.buffer.clear()
            self.start_word = 2 if blank else 1
            return False
        return True

    async def character(self) -> str | None:
        """The next character; "" at the end, None when the time is up."""
        if not self.unread:
            if self.deadline_ns is not None and not await self.in_time():
                return None
            self.unread = await self.more()
            if not self.unread:
                return ""
            await self.shell.process.cpu(CHARACTER_COST_NS * len(self.unread))
        byte, self.unread = self.unread[:1], self.unread[1:]
        return from_bytes(byte)

    async def in_time(self) -> bool:
        """Waits for input. Returns False when none came in time."""
        assert self.deadline_ns is not None
        process = self.shell.process
        while True:
            left = self.deadline_ns - process.kernel.now_ns
            if left <= 0:
                return False
            try:
                ready, _ = await process.poll((self.request.fd,), (), left)
            except InterruptedError:
                self.interrupted()
                continue
            except OSError:
                return True
            return bool(ready)

    def interrupted(self) -> None:
        """A signal came: a trapped one ends `read`."""
        self.shell.traps.check_interrupt()
        if self.shell.traps.pending:
            raise _TrapWaits

    async def more(self) -> bytes:
        """Some input: of a file a block (what is not used is given back), else one byte."""
        while True:
            try:
                return await self.shell.process.read(self.request.fd, _BLOCK if self.regular else 1)
            except InterruptedError:
                self.shell.traps.check_interrupt()
                if self.shell.traps.pending:
                    return b""
            except OSError:
                return b""

    def give_back(self) -> None:
        """Moves the file's offset back over what was read too far."""
        if self.unread and self.regular:
            self.shell.process.lseek(self.request.fd, -len(self.unread), 1)

    def finish(self) -> None:
        """Sets the last variable to the rest of the line, and those that are left over to nothing."""
        text = "".join(self.buffer)
        if not self.names:
            self.shell.assign("REPLY", text)
            return
        self.shell.assign(self.names[0], strip_separators(text, self.shell.ifs))
        for name in self.names[1:]:
            self.shell.assign(name, "")


class _TrapWaits(ShellError):
    """A trap is to run before `read` goes on: it ends, with status 1 and no message."""

    def __init__(self) -> None:
        super().__init__(None, 1)


def strip_separators(text: str, ifs: str) -> str:
    """Takes IFS blanks off the end, and the separator that ends the last field when it is the only one."""
    blanks = "".join(char for char in ifs if char in " \t\n\r\f\v")
    text = text.rstrip(blanks) if blanks else text
    if text and text[-1] in ifs:
        shorter = text[:-1].rstrip(blanks) if blanks else text[:-1]
        if not any(char in ifs for char in shorter):
            return shorter
    return text
