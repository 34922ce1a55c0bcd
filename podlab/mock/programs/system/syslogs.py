"""What syslogd, logger and logread have in common: names of facilities and priorities, the time, and the buffer in memory."""

from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.sockets import AF_UNIX, SOCK_DGRAM
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.timezones import parse_zone

LOG_PATH: Final = "/dev/log"
KEY: Final = 0x414E4547
"""Under which syslogd and logread find their memory."""

FACILITIES: Final = {
    "auth": 4, "authpriv": 10, "cron": 9, "daemon": 3, "ftp": 11, "kern": 0, "lpr": 6, "mail": 2, "mark": 24, "news": 7,
    "security": 4, "syslog": 5, "user": 1, "uucp": 8, **{f"local{number}": 16 + number for number in range(8)},
}  # fmt: skip
PRIORITIES: Final = {
    "alert": 1, "crit": 2, "debug": 7, "emerg": 0, "err": 3, "error": 3, "info": 6, "none": 16, "notice": 5, "panic": 0,
    "warn": 4, "warning": 4,
}  # fmt: skip
NONE: Final = PRIORITIES["none"]
MARK: Final = FACILITIES["mark"]
USER_NOTICE: Final = FACILITIES["user"] << 3 | PRIORITIES["notice"]


def priority_name(priority: int) -> str:
    """`facility.priority`, or the number where there is no name."""
    facility = next((name for name, number in FACILITIES.items() if number == priority >> 3), None)
    level = next((name for name, number in PRIORITIES.items() if number == priority & 7), None)
    return f"{facility}.{level}"[:19] if facility and level else f"<{priority}>"


def stamp(proc: Process) -> str:
    """The time as messages begin with it: `Nov  3 10:00:00`."""
    now = local_time(proc.kernel.wall_ns // SECOND, parse_zone(proc.env.get("TZ")))
    return strftime("%b %e %H:%M:%S", now)


class SystemLog:
    """The way to the system log, as syslog(3) has it: it is opened with the first message, and anew when it broke.

    Args:
        tag: What stands before each message.
        priority: Facility and level together.
        shows: Whether messages go to standard error, too.
    """

    def __init__(self, proc: Process, tag: bytes, priority: int, shows: bool = False) -> None:
        self._proc = proc
        self._tag = tag
        self._priority = priority
        self._shows = shows
        self._fd = -1

    async def send(self, message: bytes) -> None:
        """Sends a message; where nobody listens at /dev/log, it is lost."""
        proc = self._proc
        said = self._tag + b": " + message
        if self._shows:
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
