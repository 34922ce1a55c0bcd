"""What /proc says of processes, read from its files, as busybox' top, ps -T and pmap read it.

Whoever mounts something else at /proc, or brings a /proc of plain files along by chroot, is told what stands there.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.streams import to_text

PROCESS_COST_NS: Final = 20_000
"""What it takes to read of one process."""
STAT_BYTES: Final = 1023
LONGEST: Final = 1 << 20
COMM_LENGTH: Final = 15
_FIELDS: Final = 11
_PROCESSOR: Final = 36
"""Where in the stat file, counted from the state, the last processor stands."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the files tell of a process or thread. Sizes are KiB, `ticks` hundredths of a second."""

    pid: int
    uid: int
    comm: str
    state: str
    ppid: int
    ticks: int
    vsz: int
    processor: int


async def read_file(proc: Process, path: str, limit: int = LONGEST) -> bytes | None:
    """The beginning of a file, or None when it cannot be read."""
    try:
        fd = await proc.open(path)
    except OSError:
        return None
    try:
        parts = []
        left = limit
        while left > 0 and (data := await proc.read(fd, left)):
            parts.append(data)
            left -= len(data)
        return b"".join(parts)
    except OSError:
        return None
    finally:
        proc.close(fd)


async def process_folders(proc: Process, threads: bool) -> AsyncIterator[tuple[int, str]]:
    """The numbers of all processes, or all threads, and where they are described."""
    for name in _names(proc, "/proc"):
        await proc.cpu(PROCESS_COST_NS)
        if not name.isascii() or not name.isdecimal():
            continue
        if not threads:
            yield int(name), f"/proc/{name}"
            continue
        for thread in _names(proc, f"/proc/{name}/task"):
            if thread.isascii() and thread.isdecimal():
                yield int(thread), f"/proc/{name}/task/{thread}"


def _names(proc: Process, path: str) -> list[str]:
    try:
        return proc.listdir(path)
    except OSError:
        return []


async def scan(proc: Process, threads: bool = False) -> list[Seen]:
    """All processes, or all threads, in the order of /proc; those that end meanwhile are left out."""
    found = []
    async for pid, folder in process_folders(proc, threads):
        try:
            uid = proc.stat(folder).uid
        except OSError:
            continue
        text = await read_file(proc, f"{folder}/stat", STAT_BYTES)
        seen = _parse(pid, uid, to_text(text)) if text else None
        if seen is not None:
            found.append(seen)
    return found


def _parse(pid: int, uid: int, text: str) -> Seen | None:
    """Reads a stat file."""
    head, bracket, tail = text.rpartition(")")
    fields = tail.split()
    if not bracket or len(fields) < _FIELDS + 10:
        return None
    numbers = [int(match[0]) if (match := re.match(r"-?\d+", field)) else 0 for field in fields]
    state, nice, vsz = fields[0][0], numbers[16], numbers[20] >> 10
    flags = ("W" if vsz == 0 and state != "Z" else "") + ("<" if nice < 0 else "N" if nice else "")
    return Seen(
        pid,
        uid,
        head.partition("(")[2][:COMM_LENGTH],
        f"{state}{flags}".ljust(3),
        numbers[1],
        numbers[11] + numbers[12],
        vsz,
        numbers[_PROCESSOR] if len(numbers) > _PROCESSOR else 0,
    )


async def command_line(proc: Process, pid: int, comm: str | None, room: int) -> str:
    """The arguments of a process in less than `room` characters.

    After `{comm}` when that is another name, and that in brackets when there are none.
    """
    data = await read_file(proc, f"/proc/{pid}/cmdline", room - 1) if room > 1 else None
    if not data:
        return f"[{'?' if comm is None else comm}]"[: max(room - 1, 0)]
    words = to_text(data.rstrip(b"\0"))
    text = "".join(" " if char < " " else char for char in words)
    base = re.split(r"[ \0]", words, maxsplit=1)[0].rfind("/") + 1
    base += text[base : base + 1] == "-"
    if comm is None or text.startswith(comm, base):
        return text
    return f"{{{comm}}} {text}"[: max(room - 1, 0)]


async def read_table(proc: Process, path: str) -> dict[str, int]:
    """A file of lines `Name: NUMBER`, as /proc/meminfo is one. Raises OSError."""
    text = await read_text(proc, path)
    return {match[1]: int(match[2]) for match in re.finditer(r"^([^:\n]+):\s*(\d+)", text, re.MULTILINE)}


async def read_text(proc: Process, path: str) -> str:
    """A file of /proc, but no more of it than such files have. Raises OSError."""
    fd = await proc.open(path)
    try:
        return to_text(await proc.read_all(fd, LONGEST))
    finally:
        proc.close(fd)
