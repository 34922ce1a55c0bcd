"""The processors' time, as /proc/stat counts it."""

from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.process.scan import read_text

LEAST_FIELDS: Final = 4


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
