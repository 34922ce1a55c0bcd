"""What programs need that run others on a pseudo-terminal: script, telnetd."""

from podlab.mock.machine.descriptors import O_RDWR
from podlab.mock.machine.process import Process
from podlab.mock.machine.termios import (
    BRKINT,
    CS8,
    CSIZE,
    ECHO,
    ECHONL,
    ICANON,
    ICRNL,
    IEXTEN,
    IGNBRK,
    IGNCR,
    INLCR,
    ISIG,
    ISTRIP,
    IXON,
    OPOST,
    PARENB,
    PARMRK,
    VMIN,
    VTIME,
    Termios,
)
from podlab.mock.programs.applet import Call
from podlab.mock.programs.users import Accounts

RAW_INPUT = IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON


def raw_modes(modes: Termios) -> Termios:
    """As cfmakeraw(3): every key is a byte to read, and output goes out as it is."""
    raw = modes.copy()
    raw.iflag &= ~RAW_INPUT
    raw.oflag &= ~OPOST
    raw.lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN)
    raw.cflag = raw.cflag & ~(CSIZE | PARENB) | CS8
    raw.cc[VMIN], raw.cc[VTIME] = 1, 0
    return raw


async def open_pty(call: Call, proc: Process) -> tuple[int, str]:
    """The master of a new pseudo-terminal of `proc`, and the path of its slave; or dies of it."""
    try:
        master = await proc.open("/dev/ptmx", O_RDWR)
    except OSError:
        call.die("can't find free pty")
    try:
        proc.unlockpt(master)
        return master, proc.ptsname(master)
    except OSError as error:
        call.die_of("ptsname error (is /dev/pts mounted?)", error)


def shell_name(proc: Process, accounts: Accounts) -> str:
    """The shell of whoever runs: $SHELL, or what /etc/passwd says, or /bin/sh."""
    user = accounts.user_of(proc.uid)
    return proc.env.get("SHELL") or (user.shell if user is not None else "") or "/bin/sh"
