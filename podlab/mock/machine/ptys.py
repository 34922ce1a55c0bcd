"""Pseudo-terminals that programs make for others: opening /dev/ptmx gives the master of a new one, whose slave is /dev/pts/N."""

import errno
import stat as st
from typing import TYPE_CHECKING, Final

from podlab.mock.kernel import Kernel, WaitQueue
from podlab.mock.machine.descriptors import O_NONBLOCK, OpenFile
from podlab.mock.machine.devices import Device, TerminalDirectory
from podlab.mock.machine.errors import unix_error
from podlab.mock.machine.inodes import Directory, MemoryAccount, Symlink
from podlab.mock.machine.linediscipline import HELD_OUTPUT
from podlab.mock.machine.tty import Terminal

if TYPE_CHECKING:
    from podlab.mock.machine.core import ProcessCore

NUMBERS: Final = (5, 2)
TERMINAL_BYTES: Final = 4096
"""What a terminal takes of its maker's memory, besides what waits in it."""
HELD_INPUT: Final = 65_536
"""How much may be typed that nobody reads before the writer blocks."""
PIECE: Final = 4096
PAGE: Final = 4096
BYTE_COST_NS: Final = 100
"""What it costs the line discipline to look at a key."""


class PseudoTerminal(Terminal):
    """A terminal whose client is a process. What waits in it is charged to who made it.

    Attributes:
        locked: Whether its slave cannot be opened yet, as before unlockpt(3).
    """

    def __init__(self, kernel: Kernel, payer: MemoryAccount) -> None:
        super().__init__(kernel)
        self._payer = payer
        self._charged = TERMINAL_BYTES
        payer.charge(TERMINAL_BYTES)
        self.locked = True

    def _open_by_name(self, proc: "ProcessCore", flags: int, inode: Device) -> OpenFile:
        if self.locked:
            raise unix_error(errno.EIO, self.name)
        return super()._open_by_name(proc, flags, inode)

    def moved(self) -> None:
        """Tells who waits for it, and accounts what waits at its largest, in pages."""
        self.changed.wake_all()
        waiting = TERMINAL_BYTES + -(-(self.output_waiting + self.input_waiting) // PAGE) * PAGE
        if waiting > self._charged:
            before, self._charged = self._charged, waiting
            self._payer.charge(waiting - before)

    def close(self) -> None:
        """The master was closed."""
        super().close()
        self._hang_up()
        self._payer.charge(-self._charged)
        self._charged = 0


class MasterFile(OpenFile):
    """The open master of a pseudo-terminal: what is written to it is typed, and what programs show is read from it."""

    __slots__ = ("terminal",)

    def __init__(self, terminal: PseudoTerminal, flags: int, inode: Device) -> None:
        super().__init__(flags, inode, "/dev/pts/ptmx")
        self.terminal = terminal

    @property
    def _gone(self) -> bool:
        """Whether nobody is on the other side, and somebody was."""
        return self.terminal.hung_up or (self.terminal.had_slave and not self.terminal.slaves)

    def readable(self) -> bool:
        """Whether something was shown."""
        return self._gone or self.terminal.can_take

    def writable(self) -> bool:
        """Whether there is room for keys."""
        return self.terminal.hung_up or self.terminal.input_waiting < HELD_INPUT

    def queues(self) -> tuple[WaitQueue, ...]:
        """What is woken when that changes."""
        return (self.terminal.changed,)

    async def read(self, proc: "ProcessCore", count: int) -> bytes:
        """What was shown. Raises EIO when nobody has the slave open any more."""
        self.check_readable()
        while True:
            ready = self.readable()
            if data := self.terminal.take_output(count):
                self.terminal.changed.wake_all()
                return data
            if ready:
                raise unix_error(errno.EIO)
            if self.flags & O_NONBLOCK:
                raise unix_error(errno.EAGAIN)
            await proc.block(self.terminal.changed)

    async def write(self, proc: "ProcessCore", data: bytes) -> int:
        """Types."""
        self.check_writable()
        while not self.writable():
            if self.flags & O_NONBLOCK:
                raise unix_error(errno.EAGAIN)
            await proc.block(self.terminal.changed)
        if self.terminal.hung_up:
            raise unix_error(errno.EIO)
        piece = data[:PIECE]
        await proc.cpu(len(piece) * BYTE_COST_NS)
        self.terminal.type(piece)
        self.terminal.drop_output(2 * HELD_OUTPUT)
        self.terminal.moved()
        return len(piece)

    def is_tty(self) -> bool:
        """It answers to calls on terminals, for its slave."""
        return True

    def close(self) -> None:
        """The client has gone."""
        self.terminal.close()


def add_multiplexer(dev: Directory) -> None:
    """Puts /dev/ptmx and what it leads to into a /dev."""
    pts = dev.lookup("pts")
    assert isinstance(pts, TerminalDirectory)

    def make(proc: "ProcessCore", flags: int, inode: Device) -> OpenFile:
        terminal = PseudoTerminal(proc.kernel, proc.cgroup)
        try:
            terminal.enter(pts, proc.uid)
        except OSError:
            terminal.close()
            raise
        return MasterFile(terminal, flags, inode)

    device = Device(pts.fs, NUMBERS, make)
    device.mode = st.S_IFCHR | 0o666
    pts.link("ptmx", device)
    dev.link("ptmx", Symlink(dev.fs, "pts/ptmx"))
