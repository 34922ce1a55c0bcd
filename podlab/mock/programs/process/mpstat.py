"""mpstat: what each processor did, and its interrupts."""

import re
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.iostat import header
from podlab.mock.programs.process.processors import HZ, Jiffies, count_processors, difference, percent, read_jiffies, uptime_ticks
from podlab.mock.programs.process.scan import read_file, read_text
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.timezones import parse_zone

HEADING: Final = "%usr   %nice    %sys %iowait    %irq   %soft  %steal  %guest   %idle"
RATE_WIDTH: Final = 10
NAME_LENGTH: Final = 15
KINDS: Final = {"CPU": ("cpu",), "SUM": ("sum",), "SCPU": ("soft",), "ALL": ("sum", "cpu", "soft")}
"""What -I asks for, and the tables that it adds."""
FILES: Final = {"cpu": "/proc/interrupts", "soft": "/proc/softirqs"}


@dataclass(slots=True)
class Interrupts:
    """A table of interrupts: for each name, how many each processor has had."""

    names: list[str] = field(default_factory=list)
    counts: list[dict[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Sample:
    """All that is read at a moment. `processors` begins with all of them together."""

    time: str = ""
    ticks: int = 0
    uptime: int = 0
    guest: dict[int, int] = field(default_factory=dict)
    processors: list[Jiffies] = field(default_factory=list)
    sums: dict[int, int] = field(default_factory=dict)
    tables: dict[str, Interrupts] = field(default_factory=dict)


@applet("mpstat", "AI:P:u")
async def mpstat(call: Call) -> int:
    """Reports, once or again and again, and at the end the average."""
    run = Run(call, await count_processors(call))
    interval, count = run.read_arguments()
    await call.out.write_text(header(call.proc, run.count))
    await run.begin()
    now = await run.sample()
    if not interval:
        await run.report(run.nothing(now), now, whole=True)
        return 0
    first = before = now
    while True:
        await call.out.flush()
        await call.proc.sleep(interval)
        now = await run.sample()
        await run.report(before, now)
        if count > 0:
            count -= 1
            if count == 0:
                break
        before = now
    first.time = now.time = "Average:"
    await run.report(first, now)
    return 0


class Run:
    """What is asked for, and what was seen.

    Args:
        count: How many processors there are.
    """

    def __init__(self, call: Call, count: int) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.count = count
        self.chosen: set[int] = set()
        self.by_processor = False
        self.shows: set[str] = set()
        self._room: dict[str, int] = {}

    def read_arguments(self) -> tuple[int, int]:
        """Reads the options. Returns the interval in seconds, and how many reports (-1: no end)."""
        call = self.call
        interval, count = 0, -1
        if call.operands:
            interval = unsigned(call.operands[0], 0, INT_MAX)
            if len(call.operands) > 1:
                if not interval:
                    call.usage()
                count = unsigned(call.operands[1], 0, INT_MAX)
        if "A" in call.options:
            self.by_processor = True
            self.shows |= {"usage", "sum", "cpu", "soft"}
            self.chosen = set(range(self.count + 1))
        kind = call.options.get("I")
        if kind is not None:
            if kind not in KINDS:
                call.usage()
            self.shows |= set(KINDS[kind])
        if "u" in call.options or not self.shows:
            self.shows.add("usage")
        chosen = call.options.get("P")
        if chosen is not None:
            self._choose(chosen)
        if not self.by_processor:
            self.chosen = {0}
        return interval, count

    def _choose(self, text: str) -> None:
        self.by_processor = True
        for word in text.split(","):
            if word == "ALL":
                self.chosen = set(range(self.count + 1))
            elif word:
                number = unsigned(word, 0, INT_MAX)
                if number >= self.count:
                    self.call.die("not that many processors")
                self.chosen.add(number + 1)

    # --- reading ---

    async def begin(self) -> None:
        """Finds out how many interrupts there are."""
        for kind, path in FILES.items():
            lines = to_text(await read_file(self.proc, path) or b"").splitlines()
            self._room[kind] = sum(0 < len(line.partition(":")[0]) < 16 for line in lines) + 3

    async def sample(self) -> Sample:
        """Reads the files."""
        sample = Sample(strftime("%H:%M:%S", local_time(self.proc.kernel.wall_ns // SECOND, parse_zone(self.proc.env.get("TZ")))))
        if self.count > 1:
            sample.uptime = await uptime_ticks(self.call)
        try:
            text = await read_text(self.proc, "/proc/stat")
            table = await read_jiffies(self.proc)
        except OSError as error:
            self.call.die_of("can't open '/proc/stat'", error)
        sample.processors = [*table, *[Jiffies()] * (self.count + 1 - len(table))]
        sample.ticks = sample.processors[0].total
        if sample.uptime and self.count:
            sample.uptime = sample.processors[1].total or sample.uptime
        for number, line in enumerate(line for line in text.splitlines() if line.startswith("cpu")):
            fields = line.split()
            sample.guest[number] = int(fields[9]) if len(fields) > 9 else 0
        if "sum" in self.shows:
            total = re.search(r"^intr (\d+)", text, re.MULTILINE)
            sample.sums[0] = int(total[1]) if total else 0
        if self.shows & {"sum", "cpu"}:
            sample.tables["cpu"] = await self._interrupts("cpu", sample)
        if "soft" in self.shows:
            sample.tables["soft"] = await self._interrupts("soft", sample)
        return sample

    async def _interrupts(self, kind: str, sample: Sample) -> Interrupts:
        """Reads a table; what has a number instead of a name counts for the sums."""
        found = Interrupts()
        lines = to_text(await read_file(self.proc, FILES[kind]) or b"").splitlines()
        online: list[int] = []
        while lines and not online:
            online = [int(number) for number in re.findall(r"CPU *(\d+)", lines.pop(0))][: self.count]
        for line in lines:
            name, colon, rest = line.partition(":")
            if not colon or len(found.names) == self._room[kind]:
                continue
            numbers = re.match(r"(?:\s*\d+)*", rest)
            values = [int(word) for word in numbers[0].split()] if numbers else []
            counts = {cpu: values[place] if place < len(values) else 0 for place, cpu in enumerate(online)}
            found.names.append(name[:NAME_LENGTH])
            found.counts.append(counts)
            if name[-1:].isdigit():
                for cpu, value in counts.items():
                    sample.sums[cpu + 1] = sample.sums.get(cpu + 1, 0) + value
        return found

    def nothing(self, like: Sample) -> Sample:
        """What there was before the start."""
        tables = {
            kind: Interrupts(table.names, [dict.fromkeys(counts, 0) for counts in table.counts])
            for kind, table in like.tables.items()
        }
        return Sample(like.time, processors=[Jiffies()] * len(like.processors), tables=tables)

    # --- showing ---

    async def report(self, before: Sample, now: Sample, whole: bool = False) -> None:
        """One report, of the time between two samples."""
        ticks = all_ticks = now.ticks - before.ticks or 1
        if self.count > 1:
            ticks = now.uptime - before.uptime or 1
        if "usage" in self.shows:
            await self._show_usage(before, now, all_ticks)
        if "sum" in self.shows:
            await self._show_sums(before, now, ticks)
        for kind in ("cpu", "soft"):
            if kind in self.shows:
                await self._show_table(before, now, kind, ticks, whole)

    async def _put(self, text: str) -> None:
        await self.call.out.write_text(text)

    async def _show_usage(self, before: Sample, now: Sample, ticks: int) -> None:
        await self._put(f"\n{before.time:<11}  CPU    {HEADING}\n")
        for number in sorted(self.chosen):
            was, current, spent = before.processors[number], now.processors[number], ticks
            row = f"{now.time:<11} {number - 1:4d}" if number else f"{now.time:<11}  all"
            if number:
                spent = current.total - was.total
                if current.total == 0 or spent == 0:
                    idle = 100.0 if current.total else 0.0
                    now.processors[number] = current if current.total else was
                    await self._put(row + f" {0:7.2f}" * 8 + f" {idle:7.2f}\n")
                    continue
            parts = difference(was, current)
            guest = now.guest.get(number, 0) - before.guest.get(number, 0)
            names = ("nic", "sys", "iowait", "irq", "softirq", "steal")
            values = (parts["usr"] - guest, *(parts[name] for name in names), guest, parts["idle"])
            await self._put(row + "".join(f" {percent(value, spent):7.2f}" for value in values) + "\n")

    async def _show_sums(self, before: Sample, now: Sample, ticks: int) -> None:
        await self._put(f"\n{before.time:<11}  CPU    intr/s\n")
        for number in sorted(self.chosen):
            row, spent = (f"{now.time:<11} {number - 1:4d}" if number else f"{now.time:<11}  all"), ticks
            if number:
                spent = now.processors[number].total - before.processors[number].total
            rate = (now.sums.get(number, 0) - before.sums.get(number, 0)) / spent * HZ if spent else 0.0
            await self._put(f"{row} {rate:9.2f}\n")

    async def _show_table(self, before: Sample, now: Sample, kind: str, ticks: int, whole: bool) -> None:
        """The rates of all interrupts: a long name takes the room of those after it."""
        table, old = now.tables[kind], before.tables[kind]
        heads, expected = "", 0
        for name in table.names:
            width = max(RATE_WIDTH - 3 - (len(heads) - expected), 0)
            heads += f" {name.lstrip():>{width}}/s"
            expected += RATE_WIDTH
        await self._put(f"\n{before.time:<11}  CPU{heads}\n")
        for cpu in range(self.count):
            if self.by_processor and cpu + 1 not in self.chosen:
                continue
            row = f"{now.time:<11} {cpu:4d}"
            for place, name in enumerate(table.names):
                there = self._place_before(old, name, place) if not whole else place
                if there is None:
                    row += "        N/A"
                else:
                    row += f"{(table.counts[place].get(cpu, 0) - old.counts[there].get(cpu, 0)) / ticks * HZ:{RATE_WIDTH}.2f}"
            await self._put(row + "\n")

    @staticmethod
    def _place_before(old: Interrupts, name: str, place: int) -> int | None:
        """Where an interrupt stood in the table before: in the same place or beside it."""
        for candidate in (place, place - 1, place + 1):
            if 0 <= candidate < len(old.names) and old.names[candidate] == name:
                return candidate
        return None
