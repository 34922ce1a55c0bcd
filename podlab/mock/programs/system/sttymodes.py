"""The modes that stty knows: which flag each is, and what `stty sane` makes of it."""

from dataclasses import dataclass
from typing import Final, Literal

from podlab.mock.machine import termios as t

Group = Literal["control", "input", "output", "local"]
FIELDS: Final[dict[str, str]] = {"control": "cflag", "input": "iflag", "output": "oflag", "local": "lflag"}


@dataclass(frozen=True, slots=True)
class Mode:
    """A flag, or one value of a field of several bits.

    Attributes:
        bits: What is set.
        mask: The whole field; the same as `bits` for a flag.
        sane: What `sane` makes of it; None when it leaves it alone.
        hidden: Another name for a mode, which is not shown.
        is_flag: Whether a minus turns it off.
    """

    name: str
    group: Group
    bits: int
    mask: int
    sane: bool | None = None
    hidden: bool = False
    is_flag: bool = True


def _flags(group: Group, text: str) -> list[Mode]:
    """Modes from `name=octal` words; a + or ! before it tells what is sane, a ~ hides it."""
    found = []
    for word in text.split():
        name, _, octal = word.lstrip("+!~").partition("=")
        bits = int(octal, 8)
        found.append(Mode(name, group, bits, bits, {"+": True, "!": False}.get(word[0]), "~" in word[:2]))
    return found


def _values(group: Group, mask: int, text: str, sane: str = "") -> list[Mode]:
    """The values of a field, from `name=octal` words."""
    found = []
    for word in text.split():
        name, _, octal = word.partition("=")
        found.append(Mode(name, group, int(octal, 8), mask, True if name == sane else None, is_flag=False))
    return found


MODES: Final[list[Mode]] = [
    *_flags("control", "parenb=400 parodd=1000 cmspar=10000000000"),
    *_values("control", 0o60, "cs5=0 cs6=20 cs7=40 cs8=60"),
    *_flags("control", "hupcl=2000 ~hup=2000 cstopb=100 +cread=200 clocal=4000 crtscts=20000000000"),
    *_flags("input", "!ignbrk=1 +brkint=2 ignpar=4 parmrk=10 inpck=20 istrip=40 !inlcr=100 !igncr=200 +icrnl=400 ixon=2000"),
    *_flags("input", "!ixoff=10000 ~tandem=10000 !iuclc=1000 !ixany=4000 +imaxbel=20000 !iutf8=40000"),
    *_flags("output", "+opost=1 !olcuc=2 !ocrnl=10 +onlcr=4 !onocr=20 !onlret=40 !ofill=100 !ofdel=200"),
    *_values("output", 0o400, "nl1=400 nl0=0", "nl0"),
    *_values("output", 0o3000, "cr3=3000 cr2=2000 cr1=1000 cr0=0", "cr0"),
    *_values("output", 0o14000, "tab3=14000 tab2=10000 tab1=4000 tab0=0", "tab0"),
    *_values("output", 0o20000, "bs1=20000 bs0=0", "bs0"),
    *_values("output", 0o40000, "vt1=40000 vt0=0", "vt0"),
    *_values("output", 0o100000, "ff1=100000 ff0=0", "ff0"),
    *_flags("local", "+isig=1 +icanon=2 +iexten=100000 +echo=10 +echoe=20 ~crterase=20 +echok=40 !echonl=100 !noflsh=200"),
    *_flags("local", "!xcase=4 !tostop=400 !echoprt=2000 ~prterase=2000 +echoctl=1000 ~ctlecho=1000 +echoke=4000 ~crtkill=4000"),
    *_flags("local", "!flusho=10000 !extproc=200000"),
]
BY_NAME: Final[dict[str, Mode]] = {mode.name: mode for mode in MODES}

CHARACTERS: Final[dict[str, int]] = {
    "intr": t.VINTR, "quit": t.VQUIT, "erase": t.VERASE, "kill": t.VKILL, "eof": t.VEOF, "eol": t.VEOL, "eol2": t.VEOL2,
    "swtch": 7, "start": t.VSTART, "stop": t.VSTOP, "susp": t.VSUSP, "rprnt": t.VREPRINT, "werase": t.VWERASE, "lnext": t.VLNEXT,
    "flush": t.VDISCARD,
}  # fmt: skip
NUMBERS: Final[dict[str, int]] = {"min": t.VMIN, "time": t.VTIME}

SPEED_MASK: Final = 0o10017
SPEEDS: Final[dict[int, int]] = {
    0: 0, 50: 1, 75: 2, 110: 3, 134: 4, 150: 5, 200: 6, 300: 7, 600: 8, 1200: 9, 1800: 10, 2400: 11, 4800: 12, 9600: 13,
    19200: 14, 38400: 15, 57600: 0o10001, 115200: 0o10002, 230400: 0o10003, 460800: 0o10004,
}  # fmt: skip

COMBINATIONS: Final[dict[str, tuple[str, str]]] = {
    "nl": ("-icrnl -onlcr", "icrnl -inlcr -igncr onlcr -ocrnl -onlret"),
    "cbreak": ("-icanon", "icanon"),
    "decctlq": ("-ixany", "ixany"),
    "tabs": ("tab0", "tab3"),
    "lcase": ("xcase iuclc olcuc", "-xcase -iuclc -olcuc"),
    "LCASE": ("xcase iuclc olcuc", "-xcase -iuclc -olcuc"),
    "crt": ("echoe echoctl echoke", ""),
    "dec": ("echoe echoctl echoke -ixany intr ^C erase ^? kill ^U", ""),
    "ek": ("erase ^? kill ^U", ""),
    "litout": ("-opost", "opost"),
    "pass8": ("-istrip", "istrip"),
    "evenp": ("", "cs8"),
    "oddp": ("", "cs8"),
    "parity": ("", "cs8"),
    "cooked": ("brkint ignpar istrip icrnl ixon opost isig icanon", "raw"),
}
"""A word to what it stands for, plain and after a minus (empty: not allowed)."""
