"""crond: commands at times, from a table for each user."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDWR, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.identities import become
from podlab.mock.programs.process.running import daemonize, exec_shell
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.system.crontab import FOLDER
from podlab.mock.programs.system.syslogs import FACILITIES, PRIORITIES, SystemLog
from podlab.mock.programs.timezones import parse_zone
from podlab.mock.programs.users import User, read_accounts, read_file

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS: Final = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_RANGES: Final = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS), (0, 7, _DAYS))
_SPECIAL: Final = {
    "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0", "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}  # fmt: skip
_MINUTE: Final = 60
ENTRY_BYTES: Final = 500
LINE_COST_NS: Final = 10_000
DUE_COST_NS: Final = 500
_USUAL_LEVEL: Final = 8
_CRON_INFO: Final = FACILITIES["cron"] << 3 | PRIORITIES["info"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table: which minutes, hours, days, months and weekdays (a bit for each), and what to run as whom."""

    fields: tuple[int, ...]
    any_day: tuple[bool, bool]
    command: str
    user: User

    def due(self, minute: int, hour: int, day: int, month: int, weekday: int) -> bool:
        """Whether it is to run at a minute. Days of both kinds are alternatives where both are given."""
        in_minute, in_hour, in_month, in_year, in_week = (
            bool(field >> number & 1) for field, number in zip(self.fields, (minute, hour, day, month, weekday), strict=True)
        )
        if not (in_minute and in_hour and in_year):
            return False
        return in_month or in_week if not any(self.any_day) else in_month and in_week


def _field(text: str, low: int, high: int, names: Sequence[str]) -> int | None:
    """The numbers that a field means, a bit for each; None when it is none."""
    found = 0
    for part in text.lower().split(","):
        match = re.fullmatch(r"(\*|\w+(?:-\w+)?)(?:/(\d+))?", part)
        if match is None:
            return None
        first, _, last = match[1].partition("-")
        ends = [names.index(end) if end in names else int(end) if end.isdigit() else -1 for end in (first, last or first)]
        if first == "*":
            ends = [low, high]
        elif names is _MONTHS:
            ends = [end + (word in names) for end, word in zip(ends, (first, last or first), strict=True)]
        if ends[0] < low or ends[1] > high or (match[2] or "1") == "0":
            return None
        for number in range(ends[0], ends[1] + 1, int(match[2] or "1")):
            found |= 1 << number
    return found


def parse_line(line: str, user: User) -> Entry | None:
    """Reads a line of a table; None for comments, assignments and what is no entry."""
    line = line.strip()
    word = line.split(None, 1)[0] if line else ""
    if word in _SPECIAL:
        line = line.replace(word, _SPECIAL[word], 1)
    words = line.split(None, 5)
    if len(words) < 6 or line.startswith("#"):
        return None
    fields = [_field(text, *limits) for text, limits in zip(words, _RANGES, strict=False)]
    if any(field is None for field in fields):
        return None
    known = tuple(field for field in fields if field is not None)
    weekdays = known[4] | known[4] >> 7  # 7 is Sunday, as 0 is
    return Entry((*known[:4], weekdays), (words[2] == "*", words[4] == "*"), words[5], user)


@applet("crond", "l:d:L:fbSc:")
async def crond(call: Call) -> int:
    """Runs what is due, minute by minute; in the background unless the last of -f and -b is -f."""
    options, proc = call.options, call.proc
    for letter in "ld":
        unsigned(options.get(letter, "0"), 0, INT_MAX)
    if options.last_of("fb") != "f":

        async def body(child: Process) -> int:
            inner = Call(call.applet, child)
            inner.options = options
            return await Daemon(inner).run()

        daemonize(proc, body)
        return 0
    return await Daemon(call).run()


async def _silence(proc: Process) -> None:
    fd = await proc.open("/dev/null", O_RDWR)
    for stream in (0, 1, 2):
        proc.dup2(fd, stream)
    proc.close(fd)


class Daemon:
    """Reads the tables in its working directory when they change, and starts what is due."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.proc = call.proc
        options = call.options
        self.level = int(options.get("d") or options.get("l") or _USUAL_LEVEL)
        self._file = options.get("L") if options.last_of("LS") == "L" else None
        self._syslog = SystemLog(call.proc, b"crond[%d]" % call.proc.pid, _CRON_INFO)
        self.entries: list[Entry] = []
        self._read: dict[str, tuple[int, int]] = {}

    async def log(self, level: int, text: str) -> None:
        """Writes to the file of -L, to standard error with -d, or else to the system log."""
        if level < self.level:
            return
        if self._file is not None:
            fd = await self.proc.open(self._file, O_WRONLY | O_CREAT | O_APPEND, 0o666)
            await self.proc.write(fd, to_bytes(f"crond: {text}\n"))
            self.proc.close(fd)
        elif "d" in self.call.options:
            await self.call.error(f"crond: {text}\n")
        else:
            await self._syslog.send(to_bytes(text))

    async def run(self) -> int:
        """Until it is killed."""
        folder = self.call.options.get("c") or FOLDER
        try:
            self.proc.chdir(folder)
        except OSError as error:
            await self.log(self.level, f"can't change directory to '{folder}': {strerror(error.errno or 0)}")
            return 1
        await self.log(_USUAL_LEVEL, f"crond (busybox 1.37.0) started, log level {self.level}")
        await self._look(at_start=True)
        while True:
            now = self.proc.kernel.wall_ns
            await self._rest(_MINUTE * SECOND - now % (_MINUTE * SECOND))
            await self._look()
            moment = local_time(self.proc.kernel.wall_ns // SECOND, parse_zone(self.proc.env.get("TZ")))
            for entry in self.entries:
                await self.proc.cpu(DUE_COST_NS)
                if entry.due(moment.minute, moment.hour, moment.day, moment.month, moment.weekday):
                    await self._start(entry)

    async def _rest(self, ns: int) -> None:
        """Sleeps to the end, and takes in the children that end meanwhile."""
        until = self.proc.kernel.now_ns + ns
        while (left := until - self.proc.kernel.now_ns) > 0:
            await self.proc.sleep(left / SECOND)
        try:
            while await self.proc.waitpid(nohang=True) is not None:
                pass
        except OSError:
            return

    async def _look(self, at_start: bool = False) -> None:
        """Reads the tables anew when one has changed."""
        proc = self.proc
        accounts = await read_accounts(proc)
        users = [user for name in sorted(proc.listdir(".")) if (user := accounts.user(name)) is not None]
        state = {user.name: (status.mtime_ns, status.ino) for user in users for status in [proc.stat(user.name)]}
        if state == self._read:
            return
        proc.charge_memory(-ENTRY_BYTES * len(self.entries))
        self._read, self.entries = state, []
        for user in users:
            for line in to_text(await read_file(proc, join(".", user.name))).splitlines():
                await proc.cpu(LINE_COST_NS)
                if at_start and line.startswith("@reboot"):
                    await self._start(Entry((), (True, True), line.split(None, 1)[1], user))
                elif (entry := parse_line(line, user)) is not None:
                    self.entries.append(entry)
                    proc.charge_memory(ENTRY_BYTES)

    async def _start(self, entry: Entry) -> None:
        """Starts a command as its user, at home, with nowhere to write."""
        accounts = await read_accounts(self.proc)

        async def body(child: Process) -> int:
            become(child, accounts, entry.user)
            child.env.update({"USER": entry.user.name, "LOGNAME": entry.user.name, "HOME": entry.user.home, "SHELL": "/bin/sh"})
            await _silence(child)
            try:
                child.chdir(entry.user.home)
            except OSError:
                child.chdir("/")
            await exec_shell(child, entry.command)
            return 127

        child = self.proc.fork(body)
        await self.log(_USUAL_LEVEL, f"USER {entry.user.name} pid {child.pid:3d} cmd {entry.command}")
