"""top's view of memory: what processes have mapped, hold and share."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podlab.mock.programs.process.scan import command_line, process_folders, read_file
from podlab.mock.programs.process.smaps import Mapping, read_smaps
from podlab.mock.programs.process.table import scaled
from podlab.mock.programs.streams import to_text

if TYPE_CHECKING:
    from podlab.mock.programs.process.top import Top

HEADING: Final = "  PID   VSZ VSZRW   RSS (SHR) DIRTY (SHR) STACK"
FIELDS: Final = 7
DIRTY: Final = 4
WIDE_PID: Final = 6


@dataclass(frozen=True, slots=True)
class MemoryRow:
    """A process, and its sizes in the order of the columns, in KiB."""

    pid: int
    comm: str
    sizes: tuple[int, ...]


class MemoryView:
    """The view of memory, in a run of top.

    Attributes:
        rows: What was sampled last, in the order in which it is shown.
    """

    def __init__(self, top: "Top") -> None:
        self.top = top
        self.rows: list[MemoryRow] = []
        self._field = 0
        self._inverted = False

    async def sample(self, field: int, inverted: bool) -> None:
        """Reads what all processes have mapped, and sorts them by a column."""
        proc = self.top.proc
        rows = []
        async for pid, folder in process_folders(proc, threads=False):
            maps = await read_smaps(proc, pid)
            if maps is None:
                continue
            sizes = _sizes(maps)
            if sizes[0]:
                stat = to_text(await read_file(proc, f"{folder}/stat") or b"")
                rows.append(MemoryRow(pid, stat.rpartition(")")[0].partition("(")[2][:15], sizes))
        rows.sort(key=lambda row: (row.sizes[field], row.sizes[DIRTY]), reverse=not inverted)
        self.rows, self._field, self._inverted = rows, field, inverted

    async def show(self, width: int) -> None:
        """Shows a screen."""
        top = self.top
        memory = await top.memory_table()

        def told(words: str) -> str:
            return " ".join(
                f"{word.partition('=')[0]}:{memory.get(word.partition('=')[2], 0)}" if "=" in word else word
                for word in words.split()
            )

        await top.put(top.first_line(told("Mem total=MemTotal anon=AnonPages map=Mapped free=MemFree")[:width]))
        await top.put(f" {told('slab=Slab buf=Buffers cache=Cached dirty=Dirty write=Writeback')}"[:width] + "\n")
        await top.put(told("Swap total=SwapTotal free=SwapFree")[:width] + "\n")
        await top.put(top.heading(self._heading()[:width]))
        for row in self.rows[top.offset : top.offset + max(top.lines - 4, 0)]:
            text = _row(row)
            if width > len(HEADING) + 1:
                text += await command_line(top.proc, row.pid, row.comm, width - len(HEADING) - 1)
            await top.put("\n" + text[:width])
        await top.end_of_screen()

    def _heading(self) -> str:
        """The columns' names, with marks around the one that is sorted by."""
        text = list(f"{HEADING} COMMAND")
        mark = "^_"[self._inverted]
        at = 5 + self._field * 6
        text[at + 6] = mark
        while True:
            text[at] = mark
            at += 1
            if text[at] != " ":
                return "".join(text)


def _sizes(maps: list[Mapping]) -> tuple[int, ...]:
    """The columns of a process."""
    read_write, read_only = (sum(each.size for each in maps if each.counts_as == what) for what in ("rw", "ro"))
    shared = sum(each.shared_clean + each.shared_dirty for each in maps)
    private = sum(each.private_clean + each.private_dirty for each in maps)
    shared_dirty = sum(each.shared_dirty for each in maps)
    dirty = sum(each.private_dirty for each in maps) + shared_dirty
    stack = sum(each.size for each in maps if each.is_stack)
    return read_write + read_only, read_write, private + shared, shared, dirty, shared_dirty, stack


def _row(row: MemoryRow) -> str:
    """A process' numbers: a long one of its own takes room from the first two sizes."""
    pid = f"{row.pid:5d} "
    sizes = list(row.sizes)
    if len(pid) > WIDE_PID + 1:
        text = f"{pid}{scaled(sizes[0], 4)} {scaled(sizes[1], 4)} "
    elif len(pid) == WIDE_PID + 1:
        text = f"{pid}{scaled(sizes[0], 4)} {scaled(sizes[1], 5)} "
    else:
        text = f"{pid}{scaled(sizes[0], 5)} {scaled(sizes[1], 5)} "
    return text + "".join(f"{scaled(size, 5)} " for size in sizes[2:])
