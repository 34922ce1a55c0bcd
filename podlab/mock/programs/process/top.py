"""top: what processes take of the processors and of memory, each so many seconds; on a terminal, with keys."""

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.termios import ECHO, ECHONL, ICANON, ISIG, NCCS, VEOF, VINTR, VMIN, VTIME, Termios
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.durations import parse_duration
from podlab.mock.programs.keyboard import Hangup, Keyboard
from podlab.mock.programs.numbers import INT_MAX, UINT_MAX, unsigned
from podlab.mock.programs.options import parse
from podlab.mock.programs.process.processors import Jiffies, read_jiffies
from podlab.mock.programs.process.scan import Seen, command_line, read_file, read_table, scan
from podlab.mock.programs.process.table import scaled
from podlab.mock.programs.process.topmem import FIELDS as MEMORY_FIELDS
from podlab.mock.programs.process.topmem import MemoryView
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.users import Accounts, read_accounts

HEADING: Final = "  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND"
BATCH_WIDTH: Final = 446
HEADER_WIDTH: Final = 100
FIRST_SAMPLE_SECONDS: Final = 0.1
SMP_SAMPLE_SECONDS: Final = 0.05
LEAST_LINES, LEAST_COLUMNS = 5, 10
MASK: Final = 0xFFFF_FFFF
TIMES: Final = (
    ("usr", "usr"),
    ("sys", "sys"),
    ("nic", "nic"),
    ("idle", "idle"),
    ("iowait", "io"),
    ("irq", "irq"),
    ("softirq", "sirq"),
)

ORDERS: Final = {
    "p": ("share", "vsz", "ticks"),
    "t": ("ticks", "vsz", "share"),
    "m": ("vsz", "share", "ticks"),
}
"""The key for an order, and what the processes are compared by."""


@dataclass(frozen=True, slots=True)
class Row:
    """A process, and how many ticks it took since the last round."""

    seen: Seen
    share: int

    def key(self, order: tuple[str, ...]) -> tuple[int, ...]:
        """What it is compared by."""
        return tuple(self.share if name == "share" else getattr(self.seen, name) for name in order)


@applet("top", None)
async def top(call: Call) -> int:
    """Shows processes, those that compute most first."""
    return await Top(call).run()


class Top:
    """A run of top.

    Attributes:
        order: What processes are sorted by.
        memory: The view of memory, while it is shown.
        offset: How many rows are scrolled away.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.proc: Process = call.proc
        options, _ = parse("d:n:bHm", {}, _dashed(call.operands))
        self.batch = "b" in options
        self.delay_ns = int(min(parse_duration(_undashed(options.get("d", "5"))), INT_MAX // 1000) * SECOND)
        self.rounds = unsigned(_undashed(options.get("n", "0")), 0, UINT_MAX)
        self.threads = "H" in options
        self.memory = MemoryView(self) if "m" in options else None
        self.order: tuple[str, ...] = ORDERS["p"]
        self.inverted = False
        self.offset = 0
        self.lines = 0
        self.no_keys = self.batch
        self.each_processor: list[tuple[Jiffies, Jiffies]] | None = None
        self.now = self.before = Jiffies()
        self._sort_field = 0
        self._rows: list[Row] = []
        self._ticks: dict[int, int] = {}
        self._keyboard = Keyboard(call.proc, 0)
        self._modes: Termios | None = None

    async def run(self) -> int:
        """Shows round after round until it has shown all, or is told to end."""
        try:
            self.proc.chdir("/proc")
        except OSError as error:
            self.call.die_of("can't change directory to '/proc'", error)
        if not self.batch:
            await self._raw()
        try:
            if await self._keys(0):
                await self._rounds()
            await self.call.out.write(b"\n")
        finally:
            await self._cooked()
        return 0

    async def _cooked(self) -> None:
        with suppress(OSError):
            await self.call.out.flush()
            if self._modes is not None:
                await self.proc.tcsetattr(0, self._modes)

    async def _raw(self) -> None:
        """Takes the keys one by one, and none of them as a signal."""
        if not self.proc.isatty(0):
            return
        self._modes = self.proc.tcgetattr(0)
        raw = self._modes.copy()
        raw.lflag &= ~(ICANON | ECHO | ECHONL | ISIG)
        raw.cc[VMIN], raw.cc[VTIME] = 1, 0
        await self.proc.tcsetattr(0, raw)
        terminal.restore_when_killed(self.proc, 0, self._modes)

    async def _rounds(self) -> None:
        left = self.rounds
        while True:
            width = self._measure()
            if width == 0:
                await self.proc.sleep(self.delay_ns / SECOND)
                continue
            if not await self._sample():
                continue
            if self._count == 0:
                await self.call.warn("no process info in /proc")
                return
            shown = True
            while shown:
                await self._show(width)
                left -= 1
                if left == 0:
                    return
                verdict = await self._keys(self.delay_ns)
                if not verdict:
                    return
                shown = verdict == "again"

    def _measure(self) -> int:
        """How wide the output is; 0 for a window that is too small."""
        if self.batch:
            self.lines = INT_MAX
            return BATCH_WIDTH
        columns, self.lines = terminal.size(self.proc, 1)
        return 0 if self.lines < LEAST_LINES or columns < LEAST_COLUMNS else min(columns, BATCH_WIDTH)

    # --- what is counted ---

    async def _sample(self) -> bool:
        """Reads /proc. Returns whether there is something to compare with."""
        if self.memory is not None:
            await self.memory.sample(self._sort_field, self.inverted)
            return True
        seen = await scan(self.proc, self.threads)
        if not seen:
            self._rows = []
            return True
        await self.count_processors()
        first = not self._ticks
        self._rows = [Row(each, each.ticks - self._ticks.get(each.pid, each.ticks) & MASK) for each in seen]
        self._ticks = {each.pid: each.ticks for each in seen}
        if first:
            await self.proc.sleep(FIRST_SAMPLE_SECONDS)
            return False
        self._rows.sort(key=lambda row: row.key(self.order), reverse=not self.inverted)
        return True

    async def count_processors(self) -> None:
        """Reads /proc/stat: all processors together, and each when they are shown."""
        self.before = self.now
        try:
            table = await read_jiffies(self.proc)
        except OSError as error:
            self.call.die_of("can't open 'stat'", error)
        if not table:
            self.call.die("can't read '/proc/stat'")
        self.now = table[0]
        if self.each_processor is None:
            return
        if self.each_processor:
            self.each_processor = [(now, old) for now, (old, _) in zip(table[1:], self.each_processor, strict=False)]
        else:
            self.each_processor = [(now, Jiffies()) for now in table[1:]] or None
            await self.proc.sleep(SMP_SAMPLE_SECONDS)

    # --- what is shown ---

    async def _show(self, width: int) -> None:
        if self.memory is not None:
            await self.memory.show(width)
        else:
            await self._show_processes(width)

    async def put(self, text: str) -> None:
        """Prints."""
        await self.call.out.write_text(text)

    def first_line(self, text: str) -> str:
        """The top of the screen, which is cleared before it."""
        return f"{text}\n" if self.batch else f"\x1b[H\x1b[J{text}\n"

    def heading(self, text: str) -> str:
        """The names of the columns."""
        return text if self.batch else f"\x1b[7m{text}\x1b[m"

    async def end_of_screen(self) -> None:
        """Leaves the cursor where keys would be echoed."""
        await self.put("\n" if self.batch else "\r")
        await self.call.out.flush()

    async def _show_processes(self, width: int) -> None:
        total, lines = await self._show_header(min(width, HEADER_WIDTH))
        await self.put(self.heading(HEADING[:width]))
        rows = self._rows[self.offset : self.offset + max(lines - 1, 0)]
        accounts = await read_accounts(self.proc)
        memory_share = _memory_share(total)
        processor_share = self._processor_share()
        for row in rows:
            seen = row.seen
            part, share = memory_share(seen.vsz), processor_share(row.share)
            text = (
                f"\n{_who(seen, accounts)} {seen.state}  {scaled(seen.vsz, 5)}{part // 10:3d}.{part % 10}"
                f" {seen.processor:3d}{share // 10:3d}.{share % 10} "
            )[: width + 1]
            room = width + 2 - len(text)
            await self.put(text + (await command_line(self.proc, seen.pid, seen.comm, room) if room > 1 else ""))
        await self.end_of_screen()

    async def _show_header(self, width: int) -> tuple[int, int]:
        """Memory, processors and load. Returns the memory's size in KiB, and how many lines are left."""
        memory = await self.memory_table()
        free, buffers, cached = (memory.get(name, 0) for name in ("MemFree", "Buffers", "Cached"))
        total, shared = memory.get("MemTotal", 0), memory.get("MemShared", 0) + memory.get("Shmem", 0)
        text = f"Mem: {total - free}K used, {free}K free, {shared}K shrd, {buffers}K buff, {cached}K cached"
        await self.put(self.first_line(text[: width - 1]))
        lines = self.lines - 1
        pairs = [(self.now, self.before)] if self.each_processor is None else self.each_processor[:lines]
        for number, pair in enumerate(pairs):
            await self.put(_times("" if self.each_processor is None else str(number), *pair)[: width - 1] + "\n")
        load = to_text(await read_file(self.proc, "/proc/loadavg") or b"")
        await self.put(f"Load average: {load}"[: width - 1].partition("\n")[0] + "\n")
        return total, lines - len(pairs) - 1

    async def memory_table(self) -> dict[str, int]:
        """/proc/meminfo, in KiB."""
        try:
            return await read_table(self.proc, "/proc/meminfo")
        except OSError as error:
            self.call.die_of("can't open 'meminfo'", error)

    def _processor_share(self) -> "partial[int]":
        """Makes tenths of a percent of ticks: of all processors' time, in proportion to what all processes took."""
        busy = self.now.busy - self.before.busy & MASK
        taken = max(sum(row.share for row in self._rows) & MASK, busy)
        shift = 6
        scale = 1000 * 64 * (busy & 0xFFFF) & MASK or 1
        while scale < 1 << 30:
            scale, shift = scale * 4 & MASK, shift + 2
        scale //= ((self.now.total - self.before.total & 0xFFFF) * taken & MASK) or 1
        while scale >= 1024:
            scale, shift = scale // 4, shift - 2
        return partial(_tenths, scale, (1 << shift) // 20, shift)

    # --- keys ---

    async def _keys(self, wait_ns: int) -> str:
        """Waits for keys and does what they ask for.

        Returns:
            Empty to end, `again` to show the same once more, else `on`.
        """
        if self.no_keys:
            if wait_ns:
                await self.proc.sleep(wait_ns / SECOND)
            return "on"
        while True:
            try:
                key = await self._keyboard.key_within(wait_ns)
            except Hangup:
                self.no_keys = True
                return "on"
            wait_ns = 0
            if key is None:
                return "on"
            ends = self._modes.cc if self._modes is not None else [0] * NCCS
            if len(key) == 1 and (ord(key) in (ends[VINTR], ends[VEOF]) or key.lower() == "q"):
                return ""
            if key in ("up", "down", "home", "end", "page up", "page down"):
                self._scroll(key)
                return "again"
            if not await self._letter(key.lower()):
                return "on"

    @property
    def _count(self) -> int:
        return len(self.memory.rows if self.memory is not None else self._rows)

    def _scroll(self, key: str) -> None:
        count = self._count
        half = self.lines // 2
        step = {"up": -1, "down": 1, "page up": -half, "page down": half}.get(key)
        place = self.offset + step if step is not None else 0 if key == "home" else count - half
        self.offset = max(min(place, count - 1), 0)

    async def _letter(self, key: str) -> bool:
        """A key that changes the view. Returns whether it does."""
        if key in ORDERS or key == "n":
            self.memory, self.threads = None, False
            self.order = ORDERS[key] if key in ORDERS else ("pid", *self.order[1:])
        elif key == "h" and self.memory is None:
            self.threads = not self.threads
            self._ticks = {}
        elif key == "s":
            self.memory, self.threads = self.memory or MemoryView(self), False
            self._sort_field = (self._sort_field + 1) % MEMORY_FIELDS
            self._ticks = {}
        elif key == "r":
            self.inverted = not self.inverted
        elif key in ("c", "1", "\x11"):
            self.each_processor = [] if self.each_processor is None else None
            await self.count_processors()
        else:
            return False
        return True


def _dashed(words: list[str]) -> list[str]:
    """Every argument is an option, with or without a dash."""
    return [word if word.startswith("-") or not word else f"-{word}" for word in words]


def _undashed(text: str) -> str:
    return text.removeprefix("-")


def _tenths(scale: int, half: int, shift: int, value: int) -> int:
    return (value * scale + half & MASK) >> shift


def _memory_share(total: int) -> "partial[int]":
    """Makes tenths of a percent of KiB."""
    shift = 21
    scale = 1000 * (1 << 21) // max(total, 1) & MASK
    while scale >= 512:
        scale, shift = scale // 4, shift - 2
    return partial(_long_tenths, scale, (1 << shift) // 20, shift)


def _long_tenths(scale: int, half: int, shift: int, value: int) -> int:
    return (value * scale + half) >> shift


def _times(number: str, now: Jiffies, before: Jiffies) -> str:
    total = (now.total - before.total & MASK) or 1
    parts = [f"{_percent(getattr(now, field) - getattr(before, field) & MASK, total)}{name}" for field, name in TIMES]
    return f"CPU{number}:{''.join(parts)}"


def _percent(value: int, total: int) -> str:
    if value >= total:
        return "  100% "
    tenths = 1000 * value // total
    return f" {tenths // 10:2d}.{tenths % 10}% "


def _who(seen: Seen, accounts: Accounts) -> str:
    """PID, PPID and USER in 20 columns: long numbers take room from each other, and then from the name."""
    name = accounts.user_name(seen.uid)[:8]
    pid, ppid = f"{seen.pid:5d}", f"{seen.ppid:5d}"
    over = len(pid) + len(ppid) - 10
    pid_spare = len(pid) - len(pid.lstrip())
    cut = min(over, pid_spare)
    pid, over = pid[cut:], over - cut
    cut = min(over, len(ppid) - len(ppid.lstrip()))
    return f"{pid} {ppid[cut:]} {name:<8}"[:20]
