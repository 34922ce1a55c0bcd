"""A terminal's modes: flags and control characters with Linux' numbers, as tcgetattr(3) and stty(1) have them."""

from dataclasses import dataclass, field, replace
from typing import Final

IGNBRK: Final = 0o1
BRKINT: Final = 0o2
PARMRK: Final = 0o10
ISTRIP: Final = 0o40
INLCR: Final = 0o100
IGNCR: Final = 0o200
ICRNL: Final = 0o400
IXON: Final = 0o2000
IXOFF: Final = 0o10000
IXANY: Final = 0o4000
IMAXBEL: Final = 0o20000
IUTF8: Final = 0o40000
OPOST: Final = 0o1
ONLCR: Final = 0o4
OCRNL: Final = 0o10
ONOCR: Final = 0o20
XTABS: Final = 0o14000
ISIG: Final = 0o1
ICANON: Final = 0o2
ECHO: Final = 0o10
ECHOE: Final = 0o20
ECHOK: Final = 0o40
ECHONL: Final = 0o100
NOFLSH: Final = 0o200
TOSTOP: Final = 0o400
ECHOCTL: Final = 0o1000
ECHOKE: Final = 0o4000
IEXTEN: Final = 0o100000
CSIZE: Final = 0o60
PARENB: Final = 0o400
CS8: Final = 0o60
CREAD: Final = 0o200
HUPCL: Final = 0o2000
B38400: Final = 0o17

VINTR: Final = 0
VQUIT: Final = 1
VERASE: Final = 2
VKILL: Final = 3
VEOF: Final = 4
VTIME: Final = 5
VMIN: Final = 6
VSTART: Final = 8
VSTOP: Final = 9
VSUSP: Final = 10
VEOL: Final = 11
VREPRINT: Final = 12
VDISCARD: Final = 13
VWERASE: Final = 14
VLNEXT: Final = 15
VEOL2: Final = 16
NCCS: Final = 19

_CHARACTERS: Final = (3, 28, 127, 21, 4, 0, 1, 0, 17, 19, 26, 0, 18, 15, 23, 22, 0, 0, 0)


@dataclass(slots=True)
class Termios:
    """The modes of a terminal. As made: those of a fresh pseudo-terminal."""

    iflag: int = ICRNL | IXON
    oflag: int = OPOST | ONLCR
    cflag: int = B38400 | CS8 | CREAD
    lflag: int = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN
    cc: list[int] = field(default_factory=lambda: list(_CHARACTERS))

    def copy(self) -> "Termios":
        """A copy, to be changed and set."""
        return replace(self, cc=list(self.cc))
