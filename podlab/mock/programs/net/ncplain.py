"""nc in busybox' own small variant: connects or listens, and copies until the network ends. See `nc` for when it is meant."""

from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_RDWR
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import ANY6
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCHLD, Disposition
from podlab.mock.machine.sockets import AF_INET6, SHUT_WR
from podlab.mock.programs.applet import Call
from podlab.mock.programs.net.hosts import family_of, port_number, resolve
from podlab.mock.programs.numbers import unsigned
from podlab.mock.programs.options import Options

BUFFER: Final = 1024
LETTERS: Final = frozenset("lpiwf")


class PlainNetcat:
    """One run.

    Attributes:
        net: The connection (or the file of `-f`).
    """

    def __init__(self, call: Call, options: Options, operands: list[str], program: list[str]) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.options = options
        self.operands = operands
        self.program = program
        self.wait_ns = unsigned(options.get("w", "0"), 0, 0x7FFF_FFFF) * SECOND
        self.delay = unsigned(options.get("i", "0"), 0, 0xFFFF)
        self.net = self.listener = -1

    async def run(self) -> int:
        """Does all of it."""
        local = await self._port(self.options.get("p") or "0")
        path = self.options.get("f")
        if path is not None:
            self.net = await self._open(path)
        elif "l" in self.options:
            self._listen(local)
            await self._accept()
        else:
            await self._connect(local)
        if self.program:
            return await self._serve() if self.options.count("l") > 1 else await self._execute(self.proc, self.net)
        if self.listener >= 0:
            self.proc.close(self.listener)
        return await self._copy()

    async def _port(self, text: str) -> int:
        number = await port_number(self.call, text)
        if number is None:
            self.call.die(f"bad port '{text}'")
        return number

    async def _open(self, path: str) -> int:
        try:
            return await self.proc.open(path, O_RDWR)
        except OSError as error:
            self.call.die(f"can't open '{path}': {strerror(error.errno or 0)}")

    def _socket(self, family: int, local: int) -> int:
        fd = self.proc.socket(family)
        self.proc.setsockopt(fd, reuse=True)
        if local or family == AF_INET6:
            try:
                self.proc.bind(fd, (ANY6 if family == AF_INET6 else "0.0.0.0", local))
            except OSError as error:
                self.call.die(f"bind: {strerror(error.errno or 0)}")
        return fd

    def _listen(self, local: int) -> None:
        self.listener = self._socket(AF_INET6, local)
        self.proc.listen(self.listener, 1)

    async def _accept(self) -> None:
        if not (await self.proc.poll((self.listener,), (), self.wait_ns or None))[0]:
            self.call.die("timed out")
        self.net, _ = await self.proc.accept(self.listener)

    async def _connect(self, local: int) -> None:
        host = self.operands[0]
        port = await self._port(self.operands[1]) if len(self.operands) > 1 else 0
        ip = await resolve(self.call, host)
        self.net = self._socket(family_of(ip), local)
        self.proc.setsockopt(self.net, send_timeout_ns=self.wait_ns)
        try:
            await self.proc.connect(self.net, (ip, port))
        except BlockingIOError:
            self.call.die("timed out")
        except OSError as error:
            self.call.die(f"can't connect to remote host ({ip}): {strerror(error.errno or 0)}")

    # --- running a program ---

    async def _serve(self) -> int:
        """Runs the program for one client after another (-ll)."""
        self.proc.signal(SIGCHLD, Disposition.IGNORE)
        while True:
            self._fork(self.net, self.listener)
            self.proc.close(self.net)
            await self._accept()

    def _fork(self, net: int, listener: int) -> None:
        async def body(child: Process) -> int:
            child.close(listener)
            child.signal(SIGCHLD, Disposition.DEFAULT)
            return await self._execute(child, net)

        self.proc.fork(body)

    async def _execute(self, proc: Process, net: int) -> int:
        """Becomes the program, on the connection."""
        if self.listener in proc.fds:
            proc.close(self.listener)
        proc.dup2(net, 0)
        proc.dup2(net, 1)
        if net > 1:
            proc.close(net)
        name = self.program[0]
        try:
            await proc.exec(proc.container.find(proc, name), self.program)
        except OSError as error:
            await self.call.error(f"nc: can't execute '{name}': {strerror(error.errno or 0)}\n")
            return 1

    # --- copying ---

    async def _copy(self) -> int:
        """Copies both ways; the end of the network is the end, that of standard input is passed on."""
        proc = self.proc
        reading: tuple[int, ...] = (0, self.net)
        while True:
            ready, _ = await proc.poll(reading)
            if 0 in ready:
                data = await self._read(0)
                if data:
                    await self._write(self.net, data)
                else:
                    reading = (self.net,)
                    self._shut()
            if self.net in ready:
                data = await self._read(self.net)
                if not data:
                    return 0
                await self._write(1, data)

    async def _read(self, fd: int) -> bytes:
        try:
            return await self.proc.read(fd, BUFFER)
        except OSError:
            return b""

    async def _write(self, fd: int, data: bytes) -> None:
        try:
            await self.proc.write(fd, data)
        except OSError as error:
            self.call.die(f"write error: {strerror(error.errno or 0)}")
        if self.delay:
            await self.proc.sleep(self.delay)

    def _shut(self) -> None:
        if self.options.get("f") is None:
            with suppress(OSError):
                self.proc.shutdown(self.net, SHUT_WR)
