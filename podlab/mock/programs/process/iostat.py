"""iostat: what processors and disks did, since the start or each so many seconds."""

from dataclasses import dataclass, replace
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.system import ARCHITECTURE, RELEASE
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import LocalTime, local_time, strftime
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.processors import Jiffies, count_processors, difference, percent, read_jiffies, uptime_ticks
from podlab.mock.programs.process.scan import read_text
from podlab.mock.programs.timezones import parse_zone

HEADING: Final = "avg-cpu:  %user   %nice %system %iowait  %steal   %idle"
UNITS: Final = {"k": (" kB", 2), "m": (" MB", 2048)}
SECTORS: Final = ("Blk", 1)
SDA: Final = "sda"


@dataclass(frozen=True, slots=True)
class Transfers:
    """What a disk has done: operations, and sectors of 512 bytes."""

    reads: int = 0
    writes: int = 0
    read_sectors: int = 0
    written_sectors: int = 0


def header(proc: Process, processors: int, blank: str = "\t", after: str = "\n") -> str:
    """The first line: the system, the date and the number of processors."""
    date = strftime("%m/%d/%y", _now(proc))
    return f"Linux {RELEASE} ({proc.uts.hostname}){blank}{date}{blank}_{ARCHITECTURE}_\t({processors} CPU){after}"


def _now(proc: Process) -> LocalTime:
    return local_time(proc.kernel.wall_ns // SECOND, parse_zone(proc.env.get("TZ")))


@applet("iostat", "cdtzkm")
async def iostat(call: Call) -> int:
    """Reports, once or again and again."""
    options = call.options
    if "k" in options and "m" in options:
        call.usage()
    words = list(call.operands)
    names: list[str] = []
    while words and not words[0][:1].isdigit():
        names.append(words.pop(0))
    interval = unsigned(words[0], 0, INT_MAX) if words else 0
    count = -1 if interval else 1
    if len(words) > 1:
        count = unsigned(words[1], 0, INT_MAX)
    report = Report(call, [name.removeprefix("/dev/") for name in names if name != "ALL"], "ALL" in names)
    report.processors = max(await count_processors(call), 1)
    await call.out.write_text(header(call.proc, report.processors, " \t", "\n\n"))
    while True:
        await report.show()
        count -= 1
        if count == 0:
            return 0
        await call.out.flush()
        await call.proc.sleep(interval)


class Report:
    """What was seen the last time, and how the next is shown.

    Args:
        names: The disks that are asked for; all that are no partitions when there are none.
        unused: Whether disks that did nothing are shown, too.
    """

    def __init__(self, call: Call, names: list[str], unused: bool) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.processors = 1
        self._names = names
        self._unused = unused
        self._shows = [letter for letter in "cd" if letter in call.options] or ["c", "d"]
        self._unit, self._divisor = UNITS.get(call.options.last_of("km"), SECTORS)
        self._jiffies = Jiffies()
        self._uptime = 0
        self._disks: dict[str, Transfers] = {}

    async def show(self) -> None:
        """One round."""
        now, proc, out = await self._read_processors(), self.proc, self.call.out
        before, self._jiffies = self._jiffies, now
        ticks = now.total - before.total or 1
        if "t" in self.call.options:
            await out.write_text(strftime("%m/%d/%y %H:%M:%S", _now(proc)) + "\n")
        if "c" in self._shows:
            await out.write_text(f"{HEADING}\n{_processors(before, now, ticks)}\n" + "\n" * ("d" in self._shows))
        uptime = await uptime_ticks(self.call) if self.processors > 1 else 0
        if "d" in self._shows:
            if self.processors > 1:
                ticks = uptime - self._uptime or 1
            await self._show_disks(ticks)
        self._uptime = uptime
        await out.write_text("\n")

    async def _read_processors(self) -> Jiffies:
        try:
            table = await read_jiffies(self.proc)
        except OSError as error:
            self.call.die_of("can't open '/proc/stat'", error)
        return table[0] if table else Jiffies()

    async def _show_disks(self, ticks: int) -> None:
        unit = self._unit
        heads = f"Device:{'tps':>15}{unit:>6}_read/s{unit:>6}_wrtn/s{unit:>6}_read{unit:>6}_wrtn\n"
        await self.call.out.write_text(heads)
        try:
            text = await read_text(self.proc, "/proc/diskstats")
        except OSError as error:
            self.call.die_of("can't open '/proc/diskstats'", error)
        for line in text.splitlines():
            name, now = _disk(line.split())
            if (self._names and name not in self._names) or (not self._names and name.startswith(SDA) and name[3:4].isdigit()):
                continue
            before = self._disks.get(name, Transfers())
            if not self._names and not self._unused and not now.reads and not now.writes:
                continue
            await self._show_disk(name, before, now, ticks)
            self._disks[name] = replace(now)

    async def _show_disk(self, name: str, before: Transfers, now: Transfers, ticks: int) -> None:
        if "z" in self.call.options and (before.reads, before.writes) == (now.reads, now.writes):
            return
        each = self._divisor
        read, written = now.read_sectors - before.read_sectors, now.written_sectors - before.written_sectors
        operations = now.reads + now.writes - before.reads - before.writes
        await self.call.out.write_text(
            f"{name:<13} {percent(operations, ticks):8.2f}"
            f" {percent(read, ticks) / each:12.2f} {percent(written, ticks) / each:12.2f}"
            f" {read // each:10d} {written // each:10d}\n"
        )


def _processors(before: Jiffies, now: Jiffies, ticks: int) -> str:
    """The processors' time in percent."""
    spent = difference(before, now)
    system = spent["sys"] + spent["softirq"] + spent["irq"]
    shares = (spent["usr"], spent["nic"], system, spent["iowait"], spent["steal"], spent["idle"])
    return "       " + "".join(f" {percent(share, ticks):7.2f}" for share in shares)


def _disk(words: list[str]) -> tuple[str, Transfers]:
    """A line of /proc/diskstats; those of partitions in old kernels have four numbers."""
    name = words[2] if len(words) > 2 else ""
    numbers = [int(word) for word in words[3:] if word.isdecimal()]
    if len(numbers) >= 7:
        return name, Transfers(numbers[0], numbers[4], numbers[2], numbers[6])
    numbers += [0] * 4
    return name, Transfers(numbers[0], numbers[1], numbers[1], numbers[3])
