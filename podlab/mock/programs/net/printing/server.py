"""lpd: takes a job for a printer from standard input, into the queue's directory or straight to its device."""

import re
from contextlib import suppress
from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_EXCL, O_RDWR, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import execute
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.users import read_file

LONGEST_COMMAND: Final = 4 << 10
LARGEST_CONTROL: Final = 16 << 10
COPY: Final = 4096
CONTROL, DATA = 2, 3
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_-]")


class Rejected(Exception):
    """The job is not taken. Its text is sent."""


@applet("lpd", None)
async def lpd(call: Call) -> int:
    """Takes one job."""
    proc = call.proc
    if call.operands:
        try:
            proc.chdir(call.operands[0])
        except OSError as error:
            call.die(f"can't change directory to '{call.operands[0]}': {strerror(error.errno or 0)}")
    proc.dup2(1, 2)
    command = await _command(call)
    if command is None:
        return 1
    if command[0] != CONTROL:
        await call.out.write_text(f"Command {command[0]:02x} is not supported\n")
        return 1
    queue = _sane(command[1:])
    if not queue:
        return 1
    receiver = Receiver(call, queue)
    try:
        return await receiver.run(call.operands[1:])
    except Rejected as rejected:
        if str(rejected):
            await call.out.write_text(f"{rejected}\n")
        receiver.discard()
        return 1


def _sane(name: bytes) -> str:
    return _STRANGE.sub("", to_text(name))


async def _command(call: Call) -> bytes | None:
    """The next line, read a byte at a time: a file may follow. None at the end."""
    line = b""
    while len(line) < LONGEST_COMMAND and (byte := await call.proc.read(0, 1)):
        if byte == b"\n":
            return line or b"\0"
        line += byte
    return line or None


class Receiver:
    """One job.

    Attributes:
        spooling: Whether the queue is a directory.
        names: The files so far, by the command that each came with.
    """

    def __init__(self, call: Call, queue: str) -> None:
        self.call = call
        self.proc = call.proc
        self.queue = queue
        self.names: dict[int, str] = {}
        self.done: set[int] = set()
        try:
            self.proc.chdir(queue)
            self.spooling = True
        except OSError:
            self.spooling = False

    def discard(self) -> None:
        """Removes what has come so far."""
        for name in self.names.values():
            with suppress(OSError):
                self.proc.unlink(name)

    async def run(self, helper: list[str]) -> int:
        """Takes all files, then starts the helper. Raises Rejected."""
        while True:
            await self._consent()
            command = await _command(self.call)
            if command is not None:
                await self._receive(command)
            elif not self.spooling or not helper:
                return 0
            elif self.done != {CONTROL, DATA}:
                raise Rejected
            else:
                return await self._help(helper)

    async def _consent(self) -> None:
        await self.call.out.flush()
        with suppress(OSError):
            await self.proc.write(1, b"\0")

    async def _receive(self, command: bytes) -> None:
        """Takes a file."""
        kind = command[0]
        if kind not in (CONTROL, DATA):
            raise Rejected(f"Command {kind:02x} is not supported")
        if kind in self.done:
            raise Rejected("Duplicated subcommand")
        length_text, space, name = command[1:].partition(b" ")
        if not space:
            raise Rejected("No or bad filename")
        if not length_text.isdigit() or int(length_text) >= 1 << 31:
            raise Rejected("Bad length")
        length = int(length_text)
        if kind == CONTROL and length > LARGEST_CONTROL:
            raise Rejected("File is too big")
        fd = await self._open(kind, _sane(name))
        await self._consent()
        got = await self._copy(fd, length)
        if got != length:
            raise Rejected(f"Expected {length} but got {got} bytes")
        if await self.proc.read(0, 1) != b"\0":
            raise Rejected
        if self.spooling:
            self.proc.chmod(self.names[kind], 0o600)
            self.done.add(kind)
        if fd is not None:
            self.proc.close(fd)

    async def _open(self, kind: int, name: str) -> int | None:
        """Where a file goes; None for nowhere."""
        if not self.spooling:
            if kind == CONTROL:
                return None
            try:
                return await self.proc.open(self.queue, O_RDWR | O_APPEND)
            except OSError as error:
                self.call.die(f"can't open '{self.queue}': {strerror(error.errno or 0)}")
        try:
            fd = await self.proc.open(name, O_CREAT | O_WRONLY | O_TRUNC | O_EXCL, 0o200)
        except OSError as error:
            await self.call.warn(f"can't open '{name}': {strerror(error.errno or 0)}")
            raise Rejected from error
        self.names[kind] = name
        return fd

    async def _copy(self, fd: int | None, length: int) -> int:
        """Copies so many bytes. Returns how many there were."""
        left = length
        while left and (data := await self.proc.read(0, min(left, COPY))):
            left -= len(data)
            if fd is not None:
                await self.proc.write(fd, data)
        return length - left

    async def _help(self, helper: list[str]) -> int:
        """Becomes the helper, which is told of the job by its environment."""
        proc = self.proc
        control = await read_file(proc, self.names[CONTROL])
        proc.unlink(self.names[CONTROL])
        proc.env["DATAFILE"] = self.names[DATA]
        for line in control.split(b"\n")[:-1]:
            letter, value = line[:1], line[1:]
            if not letter.isalpha():
                break
            if letter != b"l":
                proc.env[to_text(letter)] = to_text(value)
        fd = await proc.open("/dev/null", O_RDWR)
        for stream in (0, 1, 2):
            proc.dup2(fd, stream)
        if fd > 2:
            proc.close(fd)
        return await execute(self.call, helper)
