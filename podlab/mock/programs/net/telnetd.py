"""telnetd: gives each client a program on a terminal of its own."""

import errno
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_NONBLOCK, O_RDWR
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.network.addresses import ANY6
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGCHLD, SIGPIPE, Disposition
from podlab.mock.machine.sockets import AF_INET6
from podlab.mock.machine.termios import ECHO, ICRNL, IXOFF, ONLCR, XTABS
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.net.hosts import family_of, host_and_port
from podlab.mock.programs.net.telnet import DO, GO_AHEAD, IAC, SB, WILL
from podlab.mock.programs.net.telnet import ECHO as ECHO_OPTION
from podlab.mock.programs.numbers import INT_MAX, signed, unsigned
from podlab.mock.programs.process.running import daemonize, execvp, vfork
from podlab.mock.programs.ptys import open_pty
from podlab.mock.programs.system.issue import login_issue

LOGIN: Final = "/bin/login"
ISSUE: Final = "/etc/issue.net"
PORT: Final = 23
BUFFER: Final = 2020
NAWS: Final = 31
NOP: Final = 241
ARE_YOU_THERE: Final = 246
TWO_BYTE_COMMANDS: Final = range(240, 250)
GREETING: Final = bytes((IAC, DO, ECHO_OPTION, IAC, DO, NAWS, IAC, WILL, ECHO_OPTION, IAC, WILL, GO_AHEAD))


@applet("telnetd", "f:l:Kip:b:FSw:")
async def telnetd(call: Call) -> int:
    """Serves until it is killed; with -i the client on standard input alone, with -w until nobody comes."""
    options, proc = call.options, call.proc
    if "i" in options and "w" in options:
        call.usage()
    linger = signed(options.get("w", "0"), 0, INT_MAX) if "w" in options else None
    server = Server(call, linger)
    if "i" in options:
        server.logs = False
        return await server.serve_one()
    if "F" in options or "w" in options:
        server.logs = "S" not in options
        return await server.serve(proc)
    server.logs = False
    daemonize(proc, server.serve)
    return 0


class Session:
    """A client.

    Attributes:
        read_fd, write_fd: Its connection.
        pty: The master of its terminal.
        pid: Its program's; 0 once that has ended.
        typed, shown: What is on its way to the terminal, and to the client.
    """

    def __init__(self, read_fd: int, write_fd: int, pty: int, pid: int) -> None:
        self.read_fd, self.write_fd, self.pty, self.pid = read_fd, write_fd, pty, pid
        self.typed = bytearray()
        self.shown = bytearray()
        self.half_command = False


class Gone(Exception):
    """The client, or its program, has gone."""


class Server:
    """All sessions of a telnetd.

    Attributes:
        linger: After how many seconds without a session it ends.
        logs: Whether what goes wrong is told on standard error, and not to the system's log.
    """

    def __init__(self, call: Call, linger: int | None) -> None:
        self.call = call
        self.linger = linger
        self.logs = True
        self.proc: Process = call.proc
        self.sessions: list[Session] = []
        self._login = call.options.get("l") or LOGIN
        self._issue = call.options.get("f") or ISSUE

    async def serve_one(self) -> int:
        """Serves the client that inetd has connected."""
        self.sessions = [await self._begin(0, 1)]
        self._heed_children()
        while self.sessions:
            await self._turn(-1)
        return 0

    async def serve(self, proc: Process) -> int:
        """Serves all that connect."""
        self.proc = proc
        try:
            return await self._serve(proc)
        except Die:
            if self.logs:
                raise
            return 1

    async def _serve(self, proc: Process) -> int:
        if self.linger is None:
            listener = await self._listen()
            proc.set_cloexec(listener)
        else:
            listener = 0
        self._heed_children()
        while await self._turn(listener):
            pass
        return 0

    def _heed_children(self) -> None:
        self.proc.signal(SIGPIPE, Disposition.IGNORE)
        self.proc.signal(SIGCHLD, self._on_child if "K" in self.call.options else Disposition.IGNORE)

    def _on_child(self, number: int) -> None:
        """What is awaited ends in InterruptedError."""

    async def _reap(self) -> None:
        with suppress(OSError):
            while (ended := await self.proc.waitpid(nohang=True)) is not None:
                for session in self.sessions:
                    if session.pid == ended.pid:
                        session.pid = 0

    async def _listen(self) -> int:
        options, proc = self.call.options, self.proc
        port = unsigned(options.get("p", str(PORT)), 0, 65_535)
        where = options.get("b")
        address = await host_and_port(self.call, where, port) if where is not None else (ANY6, port)
        fd = proc.socket(family_of(address[0]) if address[0] != ANY6 else AF_INET6)
        proc.setsockopt(fd, reuse=True)
        try:
            proc.bind(fd, address)
        except OSError as error:
            self.call.die(f"bind: {strerror(error.errno or 0)}")
        proc.listen(fd, 1)
        return fd

    async def _begin(self, read_fd: int, write_fd: int) -> Session:
        """Starts the program for a client, on a terminal."""
        proc = self.proc
        pty, slave = await open_pty(self.call, proc)
        proc.set_nonblocking(pty)
        proc.set_cloexec(pty)
        with suppress(OSError):
            await proc.write(write_fd, GREETING)
        for fd in {read_fd, write_fd}:
            proc.file(fd).flags |= O_NONBLOCK

        async def body(child: Process) -> int:
            for number in (SIGCHLD, SIGPIPE):
                child.signal(number, Disposition.DEFAULT)
            child.setsid()
            child.close(0)
            await child.open(slave, O_RDWR)
            child.dup2(0, 1)
            child.dup2(0, 2)
            await child.tcsetpgrp(0, child.pid)
            modes = child.tcgetattr(0)
            modes.lflag |= ECHO
            modes.oflag |= ONLCR | XTABS
            modes.iflag = (modes.iflag | ICRNL) & ~IXOFF
            await child.tcsetattr(0, modes)
            await child.write(1, await login_issue(child, self._issue, slave))
            with suppress(OSError):
                await execvp(child, [self._login])
            return 1

        child = await vfork(proc, body)
        return Session(read_fd, write_fd, pty, child.pid)

    async def _turn(self, listener: int) -> bool:
        """Waits until something can be done, and does it. Returns False when nobody came for too long."""
        proc = self.proc
        await self._reap()
        for session in [each for each in self.sessions if not each.pid]:
            self._end(session)
        reading, writing = self._watched(listener)
        if not reading:
            return True
        limit = self.linger * SECOND if self.linger is not None and not self.sessions else None
        try:
            ready, free = await proc.poll(reading, writing, limit)
        except InterruptedError:
            return True
        if not ready and not free:
            return False
        if listener in ready:
            await self._accept(listener)
        for session in list(self.sessions):
            try:
                await self._move(session, ready, free)
            except Gone:
                self._end(session)
        return True

    def _watched(self, listener: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        reading = [listener] if listener >= 0 else []
        writing = []
        for session in self.sessions:
            if session.typed:
                writing.append(session.pty)
            if len(session.typed) < BUFFER:
                reading.append(session.read_fd)
            if session.shown:
                writing.append(session.write_fd)
            if len(session.shown) < BUFFER:
                reading.append(session.pty)
        return tuple(reading), tuple(writing)

    async def _accept(self, listener: int) -> None:
        try:
            fd, _ = await self.proc.accept(listener)
        except OSError:
            return
        self.proc.set_cloexec(fd)
        self.sessions.insert(0, await self._begin(fd, fd))

    def _end(self, session: Session) -> None:
        self.sessions.remove(session)
        for fd in {session.pty, session.read_fd}:
            self.proc.close(fd)

    async def _move(self, session: Session, ready: list[int], free: list[int]) -> None:
        """Moves bytes from and to a client. Raises Gone."""
        proc = self.proc
        if session.pty in free:
            await self._type(session)
        if session.write_fd in free:
            sent = await self._attempt(session.write_fd, bytes(session.shown))
            del session.shown[:sent]
        if session.read_fd in ready:
            data = await self._take(session.read_fd, BUFFER - len(session.typed))
            session.typed += data.removesuffix(b"\0") if data is not None else b""
        if session.pty in ready and session.pty in proc.fds:
            data = await self._take(session.pty, BUFFER - len(session.shown))
            session.shown += (data or b"").replace(bytes((IAC,)), bytes((IAC, IAC)))

    async def _take(self, fd: int, count: int) -> bytes | None:
        try:
            data = await self.proc.read(fd, count)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return None
            raise Gone from None
        if not data:
            raise Gone
        return data

    async def _attempt(self, fd: int, data: bytes) -> int:
        try:
            return await self.proc.file(fd).write(self.proc, data)
        except OSError as error:
            if error.errno == errno.EAGAIN:
                return 0
            raise Gone from None

    # --- what clients send ---

    async def _type(self, session: Session) -> None:
        """Passes on what was typed before the next command, or does what the command says."""
        typed = session.typed
        command = bytes(typed[:7])
        if session.half_command:
            session.half_command = False
            del typed[: await self._do(session, bytes((IAC,)) + command) - 1]
            return
        if command[0] == IAC:
            if len(typed) == 1:
                session.half_command = True
                del typed[:1]
            else:
                del typed[: await self._do(session, command)]
            return
        end = typed.find(IAC)
        text = bytes(typed[: end if end >= 0 else len(typed)])
        line = text[: text.find(b"\r") + 1] or text
        sent = await self._attempt(session.pty, line)
        ended = sent < len(text) and line[sent - 1 : sent] == b"\r" and text[sent] in b"\n\0"
        del typed[: sent + ended]

    async def _do(self, session: Session, command: bytes) -> int:
        """Does what a command says. Returns how many bytes it takes."""
        kind = command[1]
        if kind == IAC:
            await self._attempt(session.pty, command[:1])
            return 2
        if kind == ARE_YOU_THERE:
            if not session.shown:
                session.shown += bytes((IAC, IAC, NOP))  # doubled, as everything that is sent
            return 2
        if kind in TWO_BYTE_COMMANDS or len(command) <= 2:
            return 2
        if kind == SB and command[2] == NAWS:
            if len(command) <= 6:
                return len(command)
            columns, rows = (int.from_bytes(command[at : at + 2], "big") for at in (3, 5))
            self.proc.tcsetwinsize(session.pty, rows, columns)
            return 7
        return 3
