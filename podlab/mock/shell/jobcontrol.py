"""Job control: taking the terminal when it begins, and giving it back."""

import errno
import os
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.signals import SIGTSTP, SIGTTIN, SIGTTOU

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_TERMINAL_FD: Final = 10


async def follow_monitor(shell: "Shell") -> None:
    """Begins or ends job control as the option `monitor` says; without a terminal the option is turned off again."""
    if shell.options.monitor and not shell.job_control:
        await _begin(shell)
    elif shell.job_control and not shell.options.monitor:
        _end(shell)


async def _begin(shell: "Shell") -> None:
    process = shell.process
    try:
        fd = next((fd for fd in (2, 1, 0) if process.isatty(fd)), -1)
        if fd < 0:
            raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))
        process.tcgetpgrp(fd)
        shell.terminal_fd = process.dup(fd, _TERMINAL_FD, cloexec=True)
    except OSError:
        await shell.warn("can't access tty; job control turned off")
        shell.options.monitor = False
        return
    shell.own_descriptors.add(shell.terminal_fd)
    shell.job_control = True
    _apply_signals(shell)
    if process.pgid != process.pid:
        process.setpgid(0, 0)
    await process.tcsetpgrp(shell.terminal_fd, process.pgid)


def _end(shell: "Shell") -> None:
    shell.job_control = False
    shell.own_descriptors.discard(shell.terminal_fd)
    shell.process.close(shell.terminal_fd)
    shell.terminal_fd = -1
    _apply_signals(shell)


def _apply_signals(shell: "Shell") -> None:
    for number in (SIGTSTP, SIGTTOU, SIGTTIN):
        shell.traps.apply(number)
