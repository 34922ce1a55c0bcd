"""The processors' time, as /proc/stat counts it."""

import re
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call
from podlab.mock.programs.process.scan import read_text

LEAST_FIELDS: Final = 4
HZ: Final = 100
"""Ticks a second."""


@dataclass(frozen=True, slots=True)
class Jiffies:
    """Hundredths of a second since the start, by what they were spent for."""

    usr: int = 0
    nic: int = 0
    sys: int = 0
    idle: int = 0
    iowait: int = 0
    irq: int = 0
    softirq: int = 0
    steal: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.usr + self.nic + self.sys + self.idle + self.iowait + self.irq + self.softirq + self.steal

    @property
    def busy(self) -> int:
        """What was computed."""
        return self.total - self.idle - self.iowait


async def read_jiffies(proc: Process) -> list[Jiffies]:
    """All processors together, and then each; nothing when /proc/stat does not begin with them. Raises OSError."""
    table = []
    for line in (await read_text(proc, "/proc/stat")).splitlines():
        name, *fields = line.split()
        numbers = []
        for field in fields[:8]:
            if not field.isdecimal():
                break
            numbers.append(int(field))
        if not name.startswith("cp") or len(numbers) < LEAST_FIELDS:
            break
        table.append(Jiffies(*numbers))
    return table


def difference(before: Jiffies, now: Jiffies) -> dict[str, int]:
    """What was spent in between, by name. A counter that went back is one of 32 bits that has run over."""
    spent = {}
    for name in Jiffies.__slots__:
        value = getattr(now, name) - getattr(before, name)
        spent[name] = value + (1 << 32) if value < 0 and getattr(before, name) < 1 << 32 else value
    return spent


def percent(value: int, whole: int) -> float:
    """As C's doubles have it."""
    return value / whole * 100


async def count_processors(call: Call) -> int:
    """How many processors /proc/stat tells of. Dies when there is none."""
    try:
        text = await read_text(call.proc, "/proc/stat")
    except OSError as error:
        call.die_of("can't open '/proc/stat'", error)
    return sum(line.startswith("cpu") and line[3:4].isdigit() for line in text.splitlines())


async def uptime_ticks(call: Call) -> int:
    """How long the system has been up. Dies when /proc/uptime does not tell."""
    try:
        text = await read_text(call.proc, "/proc/uptime")
    except OSError as error:
        call.die_of("can't open '/proc/uptime'", error)
    match = re.match(r"\s*(\d+)\.(\d+)", text)
    if match is None:
        call.die("can't read '/proc/uptime'")
    return int(match[1]) * HZ + int(match[2]) * HZ // 100
