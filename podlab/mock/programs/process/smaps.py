"""What a process has mapped, as /proc/PID/smaps tells it; and pmap, which shows it."""

import re
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.process.scan import command_line, read_file
from podlab.mock.programs.streams import to_text

ANONYMOUS: Final = "  [ anon ]"
SOME_FAILED: Final = 42
_SIZES: Final = {
    "Pss": "pss",
    "Swap": "swap",
    "Private_Dirty": "private_dirty",
    "Private_Clean": "private_clean",
    "Shared_Dirty": "shared_dirty",
    "Shared_Clean": "shared_clean",
}
_HEAD: Final = re.compile(r"([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+ *(.*)")
_SIZE: Final = re.compile(rf"({'|'.join(_SIZES)}):\s*(\d+)")


@dataclass(slots=True)
class Mapping:
    """A stretch of a process' memory; sizes in KiB."""

    start: int
    size: int
    mode: str
    name: str
    sizes: dict[str, int] = field(default_factory=dict)

    @property
    def counts_as(self) -> str:
        """`rw` or `ro`; empty for what is a device's."""
        if self.name.startswith("/dev/") and self.name != "/dev/zero":
            return ""
        return {"w": "rw", "-": "ro"}.get(self.mode[1:2], "")

    @property
    def is_stack(self) -> bool:
        """Whether it is the stack."""
        return self.name == "[stack]"

    def __getattr__(self, name: str) -> int:
        """A size by its name: `pss`, `private_dirty` ..."""
        if name not in _SIZES.values():
            raise AttributeError(name)
        return self.sizes.get(name, 0)


async def read_smaps(proc: Process, pid: int) -> list[Mapping] | None:
    """All that a process has mapped; None when it cannot be read."""
    data = await read_file(proc, f"/proc/{pid}/smaps")
    if data is None:
        return None
    maps: list[Mapping] = []
    for line in to_text(data).splitlines():
        if maps and (size := _SIZE.match(line)):
            maps[-1].sizes[_SIZES[size[1]]] = int(size[2])
        elif head := _HEAD.match(line):
            start, end = int(head[1], 16), int(head[2], 16)
            maps.append(Mapping(start, (end - start) >> 10, head[3], head[4]))
    return maps


@applet("pmap", "xq", operands=(1, None))
async def pmap(call: Call) -> int:
    """Shows the memory of processes."""
    status = 0
    for word in call.operands:
        pid = unsigned(word, 0, INT_MAX)
        await call.out.write_text(f"{pid}: {await command_line(call.proc, pid, None, 256)}\n")
        if not call.options.any("q") and "x" in call.options:
            await call.out.write_text("Address\t\t  Kbytes     PSS   Dirty    Swap  Mode  Mapping\n")
        maps = await read_smaps(call.proc, pid)
        if maps is None:
            status = SOME_FAILED
        else:
            await _show(call, maps)
    return status


async def _show(call: Call, maps: list[Mapping]) -> None:
    detailed = "x" in call.options
    for each in maps:
        if each.size:
            columns = f"{each.size:7d} {each.pss:7d} {each.private_dirty:7d} {each.swap:7d} " if detailed else f"{each.size:7d}K"
            name = each.name.split(" ")[0] or ANONYMOUS
            await call.out.write_text(f"{each.start:016x} {columns} {each.mode:.4}  {name}\n")
    if "q" in call.options:
        return
    total = sum(each.size for each in maps)
    if not detailed:
        await call.out.write_text(f"mapped: {total}K\n")
        return
    pss, dirty, swap = (sum(each.sizes.get(name, 0) for each in maps) for name in ("pss", "private_dirty", "swap"))
    await call.out.write_text(f"{'-' * 16}  ------  ------  ------  ------\ntotal\t\t {total:7d} {pss:7d} {dirty:7d} {swap:7d}\n")
