"""The system calls on terminals: a part of `Process`."""

import errno
from typing import TYPE_CHECKING, cast

from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.files import FileCalls
from podlab.mock.machine.ptys import MasterFile
from podlab.mock.machine.signals import SIGTTOU
from podlab.mock.machine.termios import Termios
from podlab.mock.machine.tty import Terminal, TerminalFile

if TYPE_CHECKING:
    from podlab.mock.machine.process import Process


class TerminalCalls(FileCalls):
    """Calls on terminals. All raise ENOTTY for another kind of file, EBADF for none."""

    __slots__ = ()

    def terminal_at(self, fd: int) -> Terminal:
        """The terminal behind a descriptor."""
        file = self.file(fd)
        if not isinstance(file, TerminalFile | MasterFile):
            raise unix_error(errno.ENOTTY)
        return file.terminal

    def ptsname(self, fd: int) -> str:
        """The path of the slave that belongs to a master (an open /dev/ptmx)."""
        return self._master_at(fd).terminal.name

    def unlockpt(self, fd: int) -> None:
        """Lets the slave of a master be opened."""
        self._master_at(fd).terminal.locked = False

    def _master_at(self, fd: int) -> MasterFile:
        file = self.file(fd)
        if not isinstance(file, MasterFile):
            raise unix_error(errno.ENOTTY)
        return file

    def set_controlling_terminal(self, fd: int) -> None:
        """Makes a terminal control the session that the process leads (TIOCSCTTY). Raises EPERM when either has another."""
        terminal = self.terminal_at(fd)
        if terminal is self.tty and self.sid == self.pid:
            return
        if self.sid != self.pid or self.tty is not None or terminal.session:
            raise unix_error(errno.EPERM)
        terminal.control(cast("Process", self))

    def ttyname(self, fd: int) -> str:
        """The path of a terminal: /dev/pts/0."""
        file = self.file(fd)
        return file.path if isinstance(file, MasterFile) else self.terminal_at(fd).name or "/dev/console"

    def tcgetattr(self, fd: int) -> Termios:
        """A copy of a terminal's modes."""
        return self.terminal_at(fd).termios.copy()

    async def tcsetattr(self, fd: int, termios: Termios, flush: bool = False) -> None:
        """Sets a terminal's modes; with `flush`, what was typed and not read is lost.

        A background process is stopped (SIGTTOU).
        """
        terminal = self.terminal_at(fd)
        await terminal.check_job(self, SIGTTOU)
        terminal.set_modes(termios, flush)

    def tcgetwinsize(self, fd: int) -> tuple[int, int]:
        """(rows, columns) of a terminal; zeros when nobody has told."""
        terminal = self.terminal_at(fd)
        return terminal.rows, terminal.columns

    def tcsetwinsize(self, fd: int, rows: int, columns: int) -> None:
        """Sets the size (stty rows N cols M)."""
        self.terminal_at(fd).resize(columns, rows)

    def tcgetpgrp(self, fd: int) -> int:
        """The process group in the foreground. Raises ENOTTY also for a terminal that does not control this session."""
        terminal = self.terminal_at(fd)
        if terminal is not self.tty:
            raise unix_error(errno.ENOTTY)
        return terminal.foreground

    async def tcsetpgrp(self, fd: int, pgid: int) -> None:
        """Puts a process group of the session into the foreground.

        Raises EPERM for a group of another session, ESRCH for none.
        """
        terminal = self.terminal_at(fd)
        if terminal is not self.tty:
            raise unix_error(errno.ENOTTY)
        await terminal.check_job(self, SIGTTOU)
        members = [each for each in self.pid_namespace.processes.values() if each.pgid == pgid]
        if not members:
            raise unix_error(errno.ESRCH)
        if any(each.sid != self.sid for each in members):
            raise unix_error(errno.EPERM)
        terminal.foreground = pgid
