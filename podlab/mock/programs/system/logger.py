"""logger: a message to the system log."""

from contextlib import suppress
from typing import Final

from podlab.mock.machine.sockets import AF_UNIX, SOCK_DGRAM
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.system.syslogs import FACILITIES, LOG_PATH, PRIORITIES, USER_NOTICE, stamp
from podlab.mock.programs.users import read_accounts

LINE_SIZE: Final = 1024


@applet("logger", "sp:t:")
async def logger(call: Call) -> int:
    """Sends messages to /dev/log; where nobody listens there, they are lost."""
    tag = call.options.get("t")
    if tag is None:
        tag = (await read_accounts(call.proc)).user_name(call.proc.uid)
    priority = USER_NOTICE
    if (wanted := call.options.get("p")) is not None:
        priority = _priority(call, wanted)
    log = Log(call, to_bytes(tag), priority)
    if call.operands:
        await log.send(to_bytes(" ".join(call.operands)))
        return 0
    while line := await call.stdin.line():
        for start in range(0, len(line), LINE_SIZE - 1):
            piece = line[start : start + LINE_SIZE - 1].partition(b"\0")[0]
            if piece not in (b"", b"\n"):
                await log.send(piece)
    return 0


class Log:
    """The way to the system log, as syslog(3) has it: it is opened with the first message, and anew when it broke."""

    def __init__(self, call: Call, tag: bytes, priority: int) -> None:
        self._call = call
        self._tag = tag
        self._priority = priority
        self._fd = -1

    async def send(self, message: bytes) -> None:
        """Sends a message; with -s it shows it, too."""
        call, proc = self._call, self._call.proc
        said = self._tag + b": " + message
        if "s" in call.options:
            with suppress(OSError):
                await proc.write(2, said if said.endswith(b"\n") else said + b"\n")
        data = b"<%d>%s " % (self._priority, to_bytes(stamp(proc))) + said
        for _ in range(2):
            try:
                if self._fd < 0:
                    self._fd = proc.socket(AF_UNIX, SOCK_DGRAM, cloexec=True)
                    await proc.connect(self._fd, (LOG_PATH, 0))
                await proc.write(self._fd, data)
                return
            except OSError:
                if self._fd >= 0:
                    proc.close(self._fd)
                self._fd = -1


def _priority(call: Call, text: str) -> int:
    """A priority: FACILITY.LEVEL, by names or numbers. Dies of one that there is not."""
    facility, dot, level = text.partition(".")
    number = FACILITIES["user"] << 3
    if dot:
        number = _decode(facility, FACILITIES, 3)
        if number < 0:
            call.die(f"unknown facility name: {facility}")
    else:
        level = facility
    low = _decode(level, PRIORITIES, 0)
    if low < 0:
        call.die(f"unknown priority name: {text}")
    return low & 7 | number & 0x3F8


def _decode(name: str, names: dict[str, int], shift: int) -> int:
    if name[:1].isdigit():
        digits = name[: len(name) - len(name.lstrip("0123456789"))]
        return int(digits)
    return names[name] << shift if name in names else -1
