"""Terminals: a line discipline between a program and who types (kubectl exec -it), and job control.

A `Terminal` is a pseudo-terminal. Its master side is what the client holds: `type`, `on_output`, `resize`, `close`. Its slave
side is what `open` gives to processes. It controls one session: the keys for signals reach the session's foreground group, and
who reads from behind it is stopped. The rules are those of Linux' n_tty.
"""

import errno
import stat as st
from typing import TYPE_CHECKING, Final, cast

from podlab.mock.kernel import SECOND, Kernel, WaitQueue
from podlab.mock.machine.descriptors import O_NOCTTY, O_NONBLOCK, O_RDWR, OpenFile
from podlab.mock.machine.devices import Device, TerminalDirectory
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory
from podlab.mock.machine.linediscipline import HELD_OUTPUT, LineDiscipline
from podlab.mock.machine.signals import (
    SIGCONT,
    SIGHUP,
    SIGTTIN,
    SIGTTOU,
    SIGWINCH,
    Disposition,
)
from podlab.mock.machine.termios import ICANON, TOSTOP, VMIN, VTIME

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore
    from podlab.mock.machine.namespaces import PidNamespace
    from podlab.mock.machine.process import Process

PTS_MAJOR: Final = 136
TTY_GROUP: Final = 5


class Terminal(LineDiscipline):
    """A pseudo-terminal.

    Attributes:
        rows, columns: Its size; 0 until the client tells.
        foreground: The process group in the foreground.
        session: The session that it controls, 0 when it controls none.
        name: Its path in the container of its session, /dev/pts/N.
        slaves, had_slave: How many open descriptions of the slave there are, and whether there ever was one.
    """

    def __init__(self, kernel: Kernel, rows: int = 0, columns: int = 0) -> None:
        super().__init__(kernel)
        self.rows = rows
        self.columns = columns
        self.foreground = 0
        self.session = 0
        self.name = ""
        self.slaves = 0
        self.had_slave = False
        self._namespace: PidNamespace | None = None
        self._pts: TerminalDirectory | None = None

    # --- the master's side ---

    def resize(self, columns: int, rows: int) -> None:
        """The window has a new size: the foreground is told by SIGWINCH."""
        if (columns, rows) != (self.columns, self.rows):
            self.columns, self.rows = columns, rows
            self.signal(SIGWINCH)

    def close(self) -> None:
        """The client has gone: the session gets SIGHUP, reads end, writes fail."""
        if self.hung_up:
            return
        leader = self._namespace.processes.get(self.session) if self._namespace is not None else None
        if leader is not None and not leader.ended:
            leader.deliver(SIGHUP)
            leader.deliver(SIGCONT)
        self._hang_up()

    # --- the session ---

    def open(self, flags: int = O_RDWR) -> OpenFile:
        """Another description of the slave."""
        return TerminalFile(self, flags)

    def attach(self, process: "Process") -> None:
        """Makes it the controlling terminal of a session that `process` leads, with a name in its container's /dev/pts."""
        process.sid = process.pgid = process.pid
        self.control(process)
        pts = process.mounts.resolve(process, "/dev").inode
        pts = pts.lookup("pts") if isinstance(pts, Directory) else None
        if not isinstance(pts, TerminalDirectory):
            return
        device = self.enter(pts, process.uid)
        for file in process.fds.values():
            if isinstance(file, TerminalFile) and file.terminal is self:
                file.inode, file.path = device, self.name

    def control(self, process: "Process") -> None:
        """Makes it the controlling terminal of the session that `process` leads."""
        process.tty = self
        self._namespace = process.pid_namespace
        self.session, self.foreground = process.sid, process.pgid

    def enter(self, pts: TerminalDirectory, uid: int) -> Device:
        """Gives the slave a name in a /dev/pts. Raises OSError ENOSPC."""
        number = pts.take_number()
        device = Device(pts.fs, (PTS_MAJOR, number), self._open_by_name)
        device.mode = st.S_IFCHR | 0o620
        device.uid, device.gid = uid, TTY_GROUP
        pts.link(str(number), device)
        self._pts, self.name = pts, f"/dev/pts/{number}"
        return device

    def _open_by_name(self, proc: "ProcessCore", flags: int, inode: Device) -> OpenFile:
        """Opens /dev/pts/N: for the leader of a session that has no terminal it becomes the one that controls it."""
        if self.hung_up:
            raise unix_error(errno.EIO, self.name)
        file = TerminalFile(self, flags, inode)
        if not flags & O_NOCTTY and proc.tty is None and proc.pid == proc.sid and not self.session:
            self.control(cast("Process", proc))
        return file

    def hang_up(self, process: "Process") -> None:
        """The session's leader has ended: the foreground gets SIGHUP and SIGCONT, and the terminal is nobody's."""
        if process.pid == self.session:
            self.signal(SIGHUP)
            self.signal(SIGCONT)
            self._hang_up()

    def _hang_up(self) -> None:
        self.hung_up = True
        self.session = self.foreground = 0
        if self._pts is not None:
            self._pts.give_back(int(self.name.rpartition("/")[2]))
            self._pts = None
        self.changed.wake_all()

    def signal(self, number: int) -> None:
        """Sends a signal to the foreground group."""
        if self._namespace is not None and self.foreground:
            for process in list(self._namespace.processes.values()):
                if process.pgid == self.foreground and not process.ended:
                    process.deliver(number)

    async def check_job(self, proc: "ProcessCore", number: int) -> None:
        """Stops a process that is not in the foreground (`number` is SIGTTIN or SIGTTOU) until it is.

        Raises:
            OSError: EIO when it ignores SIGTTIN; it may go on when it ignores SIGTTOU.
        """
        while proc.tty is self and self.foreground not in (0, proc.pgid) and self.session == proc.sid:
            if proc.dispositions.get(number) is Disposition.IGNORE:
                if number == SIGTTIN:
                    raise unix_error(errno.EIO)
                return
            for process in list(proc.pid_namespace.processes.values()):
                if process.pgid == proc.pgid and not process.ended:
                    process.deliver(number)
            if not proc.stopped:
                raise unix_error(errno.EINTR if proc.dispositions.get(number) is not None else errno.EIO)
            await proc.while_stopped()

    async def read(self, proc: "ProcessCore", count: int, wait: bool) -> bytes:
        """What was typed: a line at most in canonical mode. Blocks until there is some."""
        await self.check_job(proc, SIGTTIN)
        deadline: int | None = None
        while not self.readable:
            timeout: int | None = None
            if not self.termios.lflag & ICANON and self.termios.cc[VMIN] == 0:
                deadline = deadline or self.kernel.now_ns + self.termios.cc[VTIME] * SECOND // 10
                timeout = deadline - self.kernel.now_ns
                if timeout <= 0:
                    return b""
            if not wait:
                raise unix_error(errno.EAGAIN)
            await proc.block(self.changed, timeout)
            await self.check_job(proc, SIGTTIN)
        return self.take(count)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """Shows what a program prints. Raises EIO when the client has gone."""
        if self.termios.lflag & TOSTOP:
            await self.check_job(proc, SIGTTOU)
        while self.blocked and not self.hung_up:
            await proc.block(self.changed)
        if self.hung_up:
            raise unix_error(errno.EIO)
        piece = data[:HELD_OUTPUT]
        self.show(piece)
        self.moved()
        return len(piece)

    def moved(self) -> None:
        """Bytes came or went."""


class TerminalFile(OpenFile):
    """An open slave."""

    __slots__ = ("terminal",)

    def __init__(self, terminal: Terminal, flags: int = O_RDWR, inode: Device | None = None) -> None:
        super().__init__(flags, inode, terminal.name or "/dev/console")
        self.terminal = terminal
        terminal.slaves += 1
        terminal.had_slave = True

    @property
    def mode(self) -> int:
        """A character device."""
        return self.inode.mode if self.inode is not None else st.S_IFCHR | 0o620

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        """See `Terminal.read`."""
        self.check_readable()
        return await self.terminal.read(proc, count, not self.flags & O_NONBLOCK)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """See `Terminal.write`."""
        self.check_writable()
        return await self.terminal.write(proc, data)

    def readable(self) -> bool:
        """Whether something was typed."""
        return self.terminal.readable

    def writable(self) -> bool:
        """Whether output is not held up."""
        return not self.terminal.blocked or self.terminal.hung_up

    def queues(self) -> tuple[WaitQueue, ...]:
        """What is woken when that changes."""
        return (self.terminal.changed,)

    def reopen(self, flags: int) -> OpenFile:
        """Another description of the slave."""
        return self.terminal.open(flags)

    def is_tty(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """The other side learns when nobody has the slave open any more."""
        self.terminal.slaves -= 1
        if not self.terminal.slaves:
            self.terminal.changed.wake_all()
