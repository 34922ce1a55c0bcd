"""The files and commands that an awk program writes to and reads from, by name."""

import errno
from typing import Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.process import Process, WaitResult
from podlab.mock.programs.applet import Call
from podlab.mock.programs.awk.records import RecordReader
from podlab.mock.programs.process.running import exec_shell
from podlab.mock.programs.streams import Writer, to_text

NOT_FOUND: Final = 127


class Stream:
    """An open file or command: one of `writer` and `reader` is there; `child` is the command's number, else 0."""

    __slots__ = ("child", "reader", "writer")

    def __init__(self, writer: Writer | None, reader: RecordReader | None, child: int = 0) -> None:
        self.writer = writer
        self.reader = reader
        self.child = child


class Nowhere(Writer):
    """Where what is written to a stream that is open for reading goes: nowhere."""

    def put(self, data: bytes) -> None:
        """Forgets the data."""


class Streams:
    """All that are open. A name stands for one stream, whatever it was opened for first."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._proc = call.proc
        self._open = {"/dev/stdout": Stream(call.out, None), "/dev/stderr": Stream(Writer(call.proc, 2), None)}

    async def writer(self, kind: str, name: str) -> Writer:
        """Where `print > name`, `>> name` or `| name` writes. Dies when it cannot be opened."""
        stream = self._open.get(name)
        if stream is None:
            stream = self._open[name] = await self._open_writer(kind, name)
        return stream.writer or Nowhere(self._proc)

    async def _open_writer(self, kind: str, name: str) -> Stream:
        if kind == "|":
            fd, child = await self._start(name, writes=True)
            return Stream(Writer(self._proc, fd), None, child)
        path = to_text(name.encode("latin-1"))
        try:
            fd = await self._proc.open(path, O_WRONLY | O_CREAT | (O_APPEND if kind == ">>" else O_TRUNC))
        except OSError as error:
            self._call.die_of(f"can't open '{path}'", error)
        return Stream(Writer(self._proc, fd), None)

    async def reader(self, name: str, command: bool) -> RecordReader:
        """Where `getline < name` or `name | getline` reads. Raises OSError when it cannot be opened."""
        stream = self._open.get(name)
        if stream is None:
            if command:
                fd, child = await self._start(name, writes=False)
                stream = Stream(None, RecordReader(self._proc, fd), child)
            else:
                path = to_text(name.encode("latin-1"))
                stream = Stream(None, RecordReader(self._proc, await self._proc.open(path, O_RDONLY)))
            self._open[name] = stream
        if stream.reader is None:
            raise unix_error(errno.EBADF)
        return stream.reader

    async def _start(self, command: str, writes: bool) -> tuple[int, int]:
        """Starts a shell command with one end of a pipe: the other end, and the child's number (popen)."""
        await self._call.out.flush()
        read_end, write_end = self._proc.pipe()
        mine, its = (write_end, read_end) if writes else (read_end, write_end)
        self._proc.set_cloexec(mine)

        async def body(child: Process) -> int:
            child.dup2(its, 0 if writes else 1)
            child.close(its)
            await exec_shell(child, to_text(command.encode("latin-1")))
            return NOT_FOUND

        child = self._proc.fork(body)
        self._proc.close(its)
        return mine, child.pid

    async def close(self, name: str) -> float:
        """Closes one: a command's raw wait status, 0 for a file, -1 when there is none of that name."""
        stream = self._open.pop(name, None)
        return -1.0 if stream is None else float(await self._close(stream))

    async def _close(self, stream: Stream) -> int:
        status = 0
        if stream.writer is not None:
            try:
                await stream.writer.flush()
            except OSError:
                status = -1
            if stream.writer.fd in self._proc.fds:
                self._proc.close(stream.writer.fd)
        elif stream.reader is not None and stream.reader.reader.fd != 0:
            self._proc.close(stream.reader.reader.fd)
        if not stream.child:
            return status
        result = await self._wait(stream.child)
        return 0 if result is None else result.signal or result.code << 8

    async def _wait(self, pid: int) -> WaitResult | None:
        try:
            return await self._proc.waitpid(pid)
        except ChildProcessError:
            return None

    async def close_all(self) -> None:
        """Closes all, as the program ends."""
        for name, stream in list(self._open.items()):
            if stream.writer is None or stream.writer.fd > 2:
                await self.close(name)

    async def flush(self, name: str | None = None) -> None:
        """Sends what is buffered for one, or for all. Raises OSError EBADF when there is none of that name."""
        if name is not None and name not in self._open:
            raise unix_error(errno.EBADF)
        for key, stream in reversed(self._open.items()):
            if stream.writer is not None and name in (None, key):
                await stream.writer.flush()

    async def system(self, command: str) -> float:
        """Runs a shell command, after sending all output. Returns its exit code, 0 for one that a signal ended."""
        await self._call.out.flush()
        await self.flush()

        async def body(child: Process) -> int:
            await exec_shell(child, to_text(command.encode("latin-1")))
            return NOT_FOUND

        result = await self._wait(self._proc.fork(body).pid)
        return float(result.code if result is not None and not result.signal else 0)
