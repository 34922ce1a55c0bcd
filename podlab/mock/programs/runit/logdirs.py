"""A directory of svlogd's: the current file, those before it, and what its config says."""

import errno
from contextlib import suppress
from struct import pack
from typing import Final

from podlab.mock.kernel import MICROSECOND, SECOND
from podlab.mock.machine.core import QUANTUM_NS
from podlab.mock.machine.descriptors import (
    O_APPEND,
    O_CLOEXEC,
    O_CREAT,
    O_NONBLOCK,
    O_RDONLY,
    O_TRUNC,
    O_WRONLY,
)
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.locks import flock
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import INT_MAX, UINT_MAX, unsigned
from podlab.mock.programs.process.running import SHELL, rest, wait_for
from podlab.mock.programs.runit.status import TAI_EPOCH
from podlab.mock.programs.streams import to_text

CONFIG_BYTES: Final = 127
"""More of a config is not read."""
BUFFER: Final = 4096
PAUSE_SECONDS: Final = 3
NAME_LENGTH: Final = 27
SIZES: Final = {"k": 1 << 10, "m": 1 << 20}
PERIODS: Final = {"m": 60, "h": 3600}


def label(proc: Process) -> str:
    """This moment, to the microsecond, as a label of TAI64N."""
    seconds, ns = divmod(proc.kernel.wall_ns, SECOND)
    return "@" + pack(">QI", seconds + TAI_EPOCH, ns // MICROSECOND * MICROSECOND).hex()


def matches(pattern: bytes, line: bytes) -> bool:
    """Whether all of a line is what a pattern of a config describes.

    A star matches all up to the character that follows it in the pattern, or at the pattern's end anything; a plus matches
    its next character once or more.
    """
    at = position = 0
    while at < len(pattern):
        char = pattern[at : at + 1]
        at += 1
        if char == b"*":
            if at == len(pattern):
                return True
            position = line.find(pattern[at : at + 1], position)
            if position < 0:
                return False
        elif char == b"+":
            char = pattern[at : at + 1]
            at += 1
            if not char or line[position : position + 1] != char:
                return False
            while line[position : position + 1] == char:
                position += 1
            if position == len(line):
                return True
        else:
            if line[position : position + 1] != char:
                return False
            position += 1
    return position == len(line)


class LogDirectory:
    """One of the directories that are written into.

    Attributes:
        name: As it was given.
        lock: The descriptor of its lock; -1 while it is not open.
        rules: Lines of its config that select.
        selected, shown: What the last line that was looked at is to be: written, printed on standard error.
        processor: The process that reads what was written before; 0 when there is none.
        status: How the last processor ended.
    """

    def __init__(self, call: Call, name: str, verbose: bool) -> None:
        self.call = call
        self.proc = call.proc
        self.name = name
        self.verbose = verbose
        self.lock = -1
        self.rules: list[bytes] = []
        self.selected, self.shown = True, False
        self.processor = 0
        self.status = 0
        self.period = 0
        self.next_rotation = 0
        self._path = name
        self._shown = "(null)"  # what busybox calls it before it was once open
        self._buffer = bytearray()
        self._current = -1
        self._size = 0
        self._most_bytes = 1_000_000
        self._most_files = self._least_files = 10
        self._command: str | None = None
        self._saved = ""

    @property
    def is_open(self) -> bool:
        """Whether it can be written into."""
        return self.lock >= 0

    @property
    def _now(self) -> int:
        return self.proc.kernel.now_ns // SECOND

    def _at(self, name: str) -> str:
        return join(self._path, name)

    # --- messages ---

    async def _inform(self, text: str) -> None:
        if self.verbose:
            await self.call.warn(f"info: {text}")

    async def _warn(self, what: str, about: str, error: OSError) -> None:
        await self.call.warn(f"warning: {what}: {about}: {strerror(error.errno or 0)}")

    async def _pause(self, what: str, error: OSError) -> None:
        await self.call.warn(f"pausing: can't {what} {self.name}: {strerror(error.errno or 0)}")
        await rest(self.proc, PAUSE_SECONDS)

    # --- opening and closing ---

    async def open(self) -> bool:
        """Opens it, and reads its config. False, after saying so, when it cannot be written into."""
        proc = self.proc
        try:
            what = "can't open log directory"
            proc.close(await proc.open(self.name, O_RDONLY | O_NONBLOCK))
            what = "can't change directory"
            self._path = proc.realpath(self.name)
            proc.listdir(self._path)
        except OSError as error:
            await self._warn(what, self.name, error)
            return False
        if not await self._take_lock():
            return False
        self._size = 0
        self._most_bytes, self._most_files, self._least_files = 1_000_000, 10, 10
        self.period = self.processor = 0
        self.selected, self.rules, self._command = True, [], None
        await self._read_config()
        await self._open_current()
        return True

    async def _take_lock(self) -> bool:
        proc = self.proc
        fd = -1
        try:
            fd = await proc.open(self._at("lock"), O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
            await flock(proc, proc.file(fd), shared=False, wait=False)
        except OSError as error:
            await self._inform(f"close: {self._shown}")
            await self._warn("can't lock directory", self.name, error)
            if fd >= 0:
                proc.close(fd)
            return False
        self.lock, self._shown = fd, self.name
        return True

    async def _read_config(self) -> None:
        proc = self.proc
        try:
            fd = await proc.open(self._at("config"))
        except OSError as error:
            if error.errno != errno.ENOENT:
                await self.call.warn(f"warning: {self.name}/config: {strerror(error.errno or 0)}")
            return
        try:
            data = (await proc.read(fd, CONFIG_BYTES)).partition(b"\0")[0]
        finally:
            proc.close(fd)
        if data:
            await self._inform(f"read: {self.name}/config")
        for line in data.split(b"\n"):
            self._configure(line)

    def _configure(self, line: bytes) -> None:
        """Takes a line of the config to heart. Dies of what is no number."""
        kind, value = line[:1], to_text(line[1:])
        if kind in (b"+", b"-", b"e", b"E"):
            self.rules.append(line)
        elif kind == b"s":
            self._most_bytes = unsigned(value, 0, UINT_MAX, SIZES)
        elif kind == b"n":
            self._most_files = unsigned(value, 0, INT_MAX)
        elif kind == b"N":
            self._least_files = unsigned(value, 0, INT_MAX)
        elif kind == b"t":
            self.period = unsigned(value, 0, UINT_MAX, PERIODS)
            self.next_rotation = self._now + self.period
        elif kind == b"!" and value:
            self._command = value

    async def _open_current(self) -> None:
        proc = self.proc
        kind = "new"
        try:
            status = proc.stat(self._at("current"))
        except OSError:
            status = None
        if status is not None and status.size and not status.mode & 0o100:  # whoever wrote it did not come to close it
            await self._new_name("u")
            await self._rename("current", self._saved, "rename current")
            await self._remove_oldest()
        elif status is not None:
            kind = "append"
            self._size = min(status.size, self._most_bytes)
        await self._make_current("open current")
        await self._inform(f"{kind}: {self.name}/current")

    async def _make_current(self, what: str) -> None:
        proc = self.proc
        while True:
            try:
                flags = O_WRONLY | O_NONBLOCK | O_APPEND | O_CREAT | O_CLOEXEC
                self._current = await proc.open(self._at("current"), flags, 0o600)
            except OSError as error:
                await self._pause(what, error)
            else:
                break
        proc.chmod(self._at("current"), 0o644)

    async def _close_current(self) -> None:
        await self.flush()
        self._buffer.clear()
        with suppress(OSError):
            self.proc.chmod(self._at("current"), 0o744)
        self.proc.close(self._current)
        self._current = -1

    async def close(self) -> None:
        """Closes it, so that what is written can be gone on with."""
        if not self.is_open:
            return
        await self._inform(f"close: {self.name}")
        await self._close_current()
        self.proc.close(self.lock)
        self.lock = -1
        self._command = None

    # --- rotating ---

    async def _new_name(self, state: str) -> None:
        """Finds a name that is not taken."""
        while True:
            self._saved = f"{label(self.proc)}.{state}"
            if not self.proc.exists(self._at(self._saved)):
                return
            await self.proc.cpu(QUANTUM_NS)

    async def _rename(self, old: str, new: str, what: str) -> None:
        while True:
            try:
                self.proc.rename(self._at(old), self._at(new))
            except OSError as error:
                await self._pause(what, error)
            else:
                return

    async def rotate(self) -> None:
        """Begins a new current file, and lets the old one be processed."""
        if not self.is_open:
            self.period = 0
            return
        while self.processor and not await self.end_processor(None):
            pass
        await self._new_name("u" if self._command else "s")
        if self.period and self.next_rotation < self._now:
            self.next_rotation = self._now + self.period
        if not self._size:
            return
        await self._close_current()
        await self._inform(f"rename: {self.name}/current {self._saved} {self._size}")
        await self._rename("current", self._saved, "rename current")
        await self._make_current("create new current")
        self._size = 0
        await self._remove_oldest()
        await self._start_processor()

    def _saved_files(self) -> list[str]:
        return [name for name in self.proc.listdir(self._path) if name.startswith("@") and len(name) == NAME_LENGTH]

    async def _remove_oldest(self) -> None:
        """Removes what a processor left, and the oldest file when there are too many."""
        proc = self.proc
        saved = self._saved_files()
        for name in saved:
            if name.endswith("t"):
                try:
                    proc.unlink(self._at(name))
                except OSError as error:
                    await self._warn("can't unlink processor leftover", name, error)
        saved = sorted(name for name in saved if not name.endswith("t"))
        if self._most_files and len(saved) > self._most_files:
            await self._inform(f"delete: {self.name}/{saved[0]}")
            try:
                proc.unlink(self._at(saved[0]))
            except OSError as error:
                await self._warn("can't unlink oldest logfile", self.name, error)

    # --- what reads the old file ---

    async def _start_processor(self) -> None:
        command, call, saved = self._command, self.call, self._saved
        if command is None:
            return

        async def body(child: Process) -> int:
            inner = Call(call.applet, child)
            if self.verbose:
                await inner.warn(f"info: processing: {self.name}/{saved}")
            child.chdir(self._path)
            source = await inner.open_or_warn(saved)
            if source is None:
                return 0
            await self._join(child, source.fd, 0)
            write = O_WRONLY | O_NONBLOCK | O_TRUNC | O_CREAT
            await self._join(child, await child.open(saved[:-1] + "t", write), 1)
            if not child.exists("state"):
                child.close(await child.open("state", write))
            await self._join(child, await child.open("state"), 4)
            await self._join(child, await child.open("newstate", write), 5)
            shell = child.env.get("SHELL") or SHELL
            try:
                await child.exec(shell, [shell, "-c", command])
            except OSError as error:
                await inner.warn(f"fatal: can't run processor {self.name}: {strerror(error.errno or 0)}")
            return 1

        while True:
            try:
                self.processor = self.proc.fork(body).pid
            except OSError as error:
                await self._pause("vfork for processor", error)
            else:
                return

    async def _join(self, child: Process, fd: int, wanted: int) -> None:
        child.dup2(fd, wanted)
        if fd != wanted:
            child.close(fd)

    async def end_processor(self, status: int | None) -> bool:
        """Takes in what the processor made.

        Args:
            status: How it ended; None to wait for it.

        Returns:
            False when it failed, so that it was started again.
        """
        if status is None:
            child = self.proc.children.get(self.processor)
            status = (await wait_for(self.proc, child)).code if child is not None else 0
        self.processor = 0
        if not self.is_open:
            return True
        base = self._saved[:-1]
        if status:
            await self.call.warn(f"warning: processor failed, restart: {self.name}")
            with suppress(OSError):
                self.proc.unlink(self._at(f"{base}t"))
            self._saved = f"{base}u"
            await self._start_processor()
            return self._command is None
        await self._rename(f"{base}t", f"{base}s", "rename processed")
        self.proc.chmod(self._at(f"{base}s"), 0o744)
        try:
            self.proc.unlink(self._at(f"{base}u"))
        except OSError:
            await self.call.warn(f"warning: can't unlink: {self.name}/{base}u")
        await self._rename("newstate", "state", "rename state")
        await self._inform(f"processed: {self.name}/{base}s")
        return True

    # --- writing ---

    def judge(self, line: bytes) -> None:
        """Decides by the config what is done with a line."""
        if not self.rules:
            return
        self.selected, self.shown = True, False
        for rule in self.rules:
            if matches(rule[1:], line):
                if rule[:1] in b"+-":
                    self.selected = rule[:1] == b"+"
                else:
                    self.shown = rule[:1] == b"e"

    async def write(self, data: bytes, longest: int) -> None:
        """Writes a line, or a part of one, as far as there is room in the file; `longest` is how long a line can be."""
        if self._most_bytes:
            if self._size >= self._most_bytes:
                await self.rotate()
            data = data[: self._most_bytes - self._size]
        self._buffer += data
        while len(self._buffer) >= BUFFER and (error := await self._try_write()) is not None:
            await self._make_room(error)
        self._size += len(data)
        if self._most_bytes and data.endswith(b"\n") and self._size >= self._most_bytes - longest:
            await self.rotate()

    async def flush(self) -> None:
        """Writes what is buffered; what cannot be written stays."""
        if self._buffer and self._current >= 0:
            await self._try_write()

    async def _try_write(self) -> OSError | None:
        file = self.proc.file(self._current)
        try:
            while self._buffer:
                done = await file.write(self.proc, bytes(self._buffer))
                del self._buffer[:done]
        except OSError as error:
            return error
        return None

    async def _make_room(self, error: OSError) -> None:
        """Removes the oldest file when the disk is full, if that is allowed; else waits."""
        saved = sorted(self._saved_files())
        if error.errno == errno.ENOSPC and self._least_files < self._most_files and len(saved) > self._least_files:
            await self.call.warn(f"warning: out of disk space, delete: {self.name}/{saved[0]}")
            try:
                self.proc.unlink(self._at(saved[0]))
            except OSError as failed:
                await self._warn("can't unlink oldest logfile", self.name, failed)
            else:
                return
        await self._pause("write to current", error)
