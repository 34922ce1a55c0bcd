"""svlogd: writes what it reads into directories of logs, and rotates them."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from podlab.mock.kernel import MICROSECOND, SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import SIGALRM, SIGCHLD, SIGHUP, SIGTERM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.process.running import reaped
from podlab.mock.programs.runit.logdirs import BUFFER, LogDirectory, label
from podlab.mock.programs.streams import to_bytes

LINE: Final = 1000
LONGEST: Final = 998
SHORTEST: Final = 256
ROOM: Final = 128
"""With less room than this behind an unfinished line, what there is of it is written."""
STAMP: Final = 25
QUIET_SECONDS: Final = 45 * 60 + 45
_NAMES: Final = {SIGTERM: "term", SIGCHLD: "child", SIGALRM: "alarm", SIGHUP: "hangup"}


@applet("svlogd", "r:R:l:b:tv")
async def svlogd(call: Call) -> int:
    """Logs until standard input ends, or SIGTERM comes."""
    replacement = to_bytes(call.options.get("r") or "")
    if "r" in call.options and len(replacement) != 1:
        call.usage()
    longest = LINE
    if (text := call.options.get("l")) is not None:
        longest = max(unsigned(text, 0, LONGEST) or LONGEST, SHORTEST)
    if not call.operands:
        call.usage()
    if "R" in call.options:
        replacement = replacement or b"_"
    return await Logger(call, replacement, longest).run()


class Logger:
    """One run.

    Attributes:
        ending: Whether no more is to be read.
        whole: Whether what was read last ended a line.
    """

    def __init__(self, call: Call, replacement: bytes, longest: int) -> None:
        options = call.options
        self.call = call
        self.proc = call.proc
        self.longest = longest
        self.stamps = options.count("t")
        self.verbose = "v" in options
        self.directories = [LogDirectory(call, name, self.verbose) for name in call.operands]
        self.ending, self.whole = False, True
        self.by_line = self.stamps > 0
        kept = set(range(32, 127)) - set(to_bytes(options.get("R") or "")) | {10}
        table = bytes(byte if byte in kept else replacement[0] for byte in range(256)) if replacement else None
        self._table = table
        self._errors = bytearray()
        self._arrived: list[int] = []
        self._rotating = self._reopening = False

    def _on_signal(self, number: int) -> None:
        if number not in self._arrived:
            self._arrived.append(number)

    async def run(self) -> int:
        """Until all is read and written."""
        for number in _NAMES:
            self.proc.signal(number, self._on_signal)
        await self._reopen()
        data = b""
        while True:
            if not self.ending and self._line_end(data) < 0 and self.longest - len(data) >= ROOM:
                more = await self._read(self.longest - len(data))
                self.ending = not more
                data += more
            if not data and self.ending:
                break
            data = await self._log(data)
            await self._flush()
        for directory in self.directories:
            while directory.processor and not await directory.end_processor(None):
                pass
            await directory.close()
        return 0

    async def _reopen(self) -> None:
        """Opens all directories anew. Dies when there is none that can be written into."""
        opened = []
        for directory in self.directories:
            await directory.close()
            opened.append(await directory.open())
            self.by_line = self.by_line or bool(directory.rules)
        if not any(opened):
            self.call.die("fatal: no functional log directories")

    # --- reading ---

    async def _read(self, count: int) -> bytes:
        """Some input; empty at the end of it, or when it is to end."""
        proc = self.proc
        while True:
            if self._rotating:
                self._rotating = False
                await self._rotate()
            if self.ending and self.whole:
                return b""
            if self._reopening:
                self._reopening = False
                await self._reopen()
            patience = await self._rotate_old()
            if not self._arrived:
                with suppress(InterruptedError):
                    await proc.poll((0,), (), patience * SECOND)
            await self._deal_with_signals()
            if proc.file(0).readable():
                return await self._take(1 if self.ending else count)
            if self.ending:
                return b""

    async def _rotate(self) -> None:
        for directory in self.directories:
            await directory.rotate()

    async def _rotate_old(self) -> int:
        """Rotates what has become too old. Returns in how many seconds to look again."""
        now = self.proc.kernel.now_ns // SECOND
        nearest = now + QUIET_SECONDS
        for directory in self.directories:
            if directory.period:
                if directory.next_rotation < now:
                    await directory.rotate()
                nearest = min(nearest, directory.next_rotation)
        return max(nearest - now, 1)

    async def _take(self, count: int) -> bytes:
        try:
            data = await self.proc.read(0, count)
        except OSError as error:
            await self.call.warn(f"warning: can't read standard input: {strerror(error.errno or 0)}")
            return b""
        if data:
            self.whole = data.endswith(b"\n")
        return data.translate(self._table) if self._table is not None else data

    async def _deal_with_signals(self) -> None:
        arrived, self._arrived = self._arrived, []
        for number in arrived:
            if self.verbose:
                await self.call.warn(f"info: sig{_NAMES[number]} received")
            if number == SIGCHLD:
                await self._reap()
        self.ending = self.ending or SIGTERM in arrived
        self._rotating = self._rotating or SIGALRM in arrived
        self._reopening = self._reopening or SIGHUP in arrived

    async def _reap(self) -> None:
        async for ended in reaped(self.proc):
            for directory in self.directories:
                if directory.processor == ended.pid:
                    await directory.end_processor(ended.code)
                    break

    # --- writing ---

    def _line_end(self, data: bytes) -> int:
        """Where what is written at once ends: the first newline, or the last when lines need not be told apart."""
        return data.find(b"\n") if self.by_line else data.rfind(b"\n")

    async def _log(self, data: bytes) -> bytes:
        """Writes all lines, and what there is of the last when nothing follows it. Returns what is kept for later."""
        while data:
            end = self._line_end(data) + 1
            line, data = (data[:end], data[end:]) if end else (data, b"")
            for directory in self.directories:
                if directory.is_open:
                    directory.judge(line)
            await self._write(self._stamp() + line)
            while not line.endswith(b"\n"):
                data = b"" if self.ending else await self._read(self.longest)
                if not data:
                    self.ending = True
                    data = b"\n"
                end = self._line_end(data) + 1
                line, data = (data[:end], data[end:]) if end else (data, b"")
                await self._write(line)
            if self._line_end(data) < 0:
                return data
        return data

    async def _write(self, data: bytes) -> None:
        for directory in self.directories:
            if directory.is_open:
                if directory.shown:
                    self._errors += data
                    if len(self._errors) > BUFFER:
                        await self._flush_errors()
                if directory.selected:
                    await directory.write(data, self.longest)

    def _stamp(self) -> bytes:
        if not self.stamps:
            return b""
        if self.stamps == 1:
            return f"{label(self.proc)} ".encode()
        seconds, ns = divmod(self.proc.kernel.wall_ns, SECOND)
        moment = datetime.fromtimestamp(seconds, UTC)
        text = f"{moment:%Y-%m-%d{'_' if self.stamps == 2 else 'T'}%H:%M:%S}.{ns // MICROSECOND:06}"
        return text[:STAMP].encode() + b" "

    async def _flush(self) -> None:
        for directory in self.directories:
            await directory.flush()
        await self._flush_errors()

    async def _flush_errors(self) -> None:
        if self._errors:
            with suppress(OSError):
                await self.proc.write(2, bytes(self._errors))
            self._errors.clear()
