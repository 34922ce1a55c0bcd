"""nmeter: a line of figures each so many milliseconds, in a format of one's own."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from podlab.mock.kernel import MILLISECOND, SECOND
from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, ShowUsage, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.numbers import INT_MAX, INT_MIN, c_integer, signed
from podlab.mock.programs.process.scan import read_text
from podlab.mock.programs.process.table import scaled
from podlab.mock.programs.timezones import parse_zone

MICROSECOND: Final = 1000
LINE_COST_NS: Final = 50_000
MOST_BYTES: Final = 1024
MOST_BARS: Final = 1000
BARS: Final = ((2, "S"), (0, "U"), (1, "N"), (4, "D"), (5, "I"), (6, "i"))
"""Which figures of a `cpu` line a bar shows, in which order, by which letter."""
UNITS: Final = " kmgtpezy"
_BRACKETED: Final = re.compile(r"\[(.)([^\]]*)\]", re.DOTALL)
_PLAIN: Final = re.compile(r"([0-9]*)(.)", re.DOTALL)

Show = Callable[["Meter"], str]


def values_after(text: str, key: str, places: tuple[int, ...]) -> list[int] | None:
    """The numbers in these places (from 1) after a key in a text, up to the end of its line; None without the key."""
    at = text.find(key)
    if at < 0:
        return None
    words = re.split(r"[ \t]+", text[at + len(key) :].partition("\n")[0].strip(" \t"))
    return [_leading(words[place - 1]) if place <= len(words) else 0 for place in places]


def _leading(word: str) -> int:
    match = re.match(r"\d+", word)
    return int(match[0]) if match else 0


def _scale(value: int) -> str:
    return scaled(value, 4, UNITS)


class Figure:
    """A figure that counts since the last line.

    Args:
        path: The file in /proc.
        key: What stands before the numbers.
        places: Which of them.
    """

    def __init__(self, path: str, key: str, places: tuple[int, ...]) -> None:
        self.path, self.key, self.places = path, key, places
        self._old = [0] * len(places)

    def since(self, meter: "Meter") -> list[int] | None:
        """How much more there is than the last time; what goes back has not changed."""
        return self.count(values_after(meter.files[self.path], self.key, self.places))

    def count(self, now: list[int] | None) -> list[int] | None:
        """The same, of numbers that were found otherwise."""
        if now is None:
            return None
        grown = [max(new - old, 0) for new, old in zip(now, self._old, strict=True)]
        self._old = now
        return grown


def _processors(parameter: str) -> Show:
    number = c_integer(parameter) if parameter.isdecimal() else 0 if parameter else 10
    size = min(max(number, 1), MOST_BARS)
    figure = Figure("stat", "cpu ", (1, 2, 3, 4, 5, 6, 7))
    bar = [""]

    def show(meter: "Meter") -> str:
        spent = figure.since(meter)
        if spent is None:
            return "?" * size
        total = sum(spent)
        if total == 0:
            bar[0] = "?" * size
        else:
            shares = [size * each // total for each in spent]
            rests = [size * each % total for each in spent]
            while sum(shares) < size:
                largest = rests.index(max(rests))
                rests[largest] = 0
                shares[largest] += 1
            bar[0] = "".join(letter * shares[index] for index, letter in BARS).ljust(size, ".")
        return bar[0]

    return show


def _rate(path: str, key: str, place: int) -> Show:
    figure = Figure(path, key, (place,))

    def show(meter: "Meter") -> str:
        grown = figure.since(meter)
        return "????" if grown is None else _scale(grown[0])

    return show


def _interrupts(parameter: str) -> Show:
    return _rate("stat", "intr", signed(parameter, 0, INT_MAX) + 2 if parameter else 1)


def _forks(parameter: str) -> Show:
    if parameter[:1] != "n":
        return _rate("stat", "processes", 1)

    def show(meter: "Meter") -> str:
        words = meter.files["loadavg"].split()
        return _scale(_leading(words[3].partition("/")[2]) if len(words) > 3 else 0)

    return show


def _interface(parameter: str) -> Show:
    if not parameter:
        raise ShowUsage
    figure = Figure("net/dev", f"{parameter}:", (1, 3, 9, 11))

    def show(meter: "Meter") -> str:
        grown = figure.since(meter)
        if grown is None:
            return "?" * 10
        received, errors, sent, lost = grown
        return f"{'*' if errors else ' '}{_scale(received)}{'*' if lost else ' '}{_scale(sent)}"

    return show


def _memory(parameter: str) -> Show:
    wanted = parameter[:1]
    names = {"d": ("Dirty:",), "w": ("Writeback:",), "t": ("MemTotal:",)}.get(
        wanted, ("MemTotal:", "MemFree:", "Buffers:", "Cached:", "Slab:")
    )

    def show(meter: "Meter") -> str:
        found = [values_after(meter.files["meminfo"], name, (1,)) for name in names]
        sizes = [each[0] << 10 for each in found if each is not None]
        if len(sizes) < len(names):
            return "????"
        return _scale(sizes[0] if len(sizes) == 1 else sum(sizes[1:]) if wanted == "f" else max(sizes[0] - sum(sizes[1:]), 0))

    return show


def _swap(parameter: str) -> Show:
    def show(meter: "Meter") -> str:
        found = [values_after(meter.files["meminfo"], name, (1,)) for name in ("SwapTotal:", "SwapFree:")]
        total, free = (each[0] if each else None for each in found)
        return "????" if total is None or free is None else _scale((total - free) << 10)

    return show


def _files(parameter: str) -> Show:
    def show(meter: "Meter") -> str:
        used, free = values_after(meter.files["sys/fs/file-nr"], "", (1, 2)) or (0, 0)
        return _scale(used - free)

    return show


def _blocks(parameter: str) -> Show:
    figure = Figure("diskstats", "", (0, 0))

    def show(meter: "Meter") -> str:
        read, written = figure.count(_sectors(meter.files["diskstats"])) or (0, 0)
        return f"{_scale(read * 512)} {_scale(written * 512)}"

    return show


def _sectors(text: str) -> list[int]:
    """What all disks have read and written, without their partitions."""
    read = written = 0
    disk = ""
    for line in text.splitlines():
        words = line.split()
        if len(words) < 3 or (disk and words[2].startswith(disk) and words[2][len(disk) : len(disk) + 1].isdigit()):
            continue
        disk = words[2]
        read += _leading(words[5]) if len(words) > 5 else 0
        written += _leading(words[9]) if len(words) > 9 else 0
    return [read, written]


def _clock(parameter: str, since_start: bool = False) -> Show:
    precision = min(max(ord(parameter[0]) - ord("0"), 0), 6) if parameter else 0
    scale = 10 ** (6 - precision)

    def show(meter: "Meter") -> str:
        micros = (meter.now_us - meter.start_us if since_start else meter.now_us) + scale // 2
        seconds, micros = divmod(micros, 1_000_000)
        zone = parse_zone(None if since_start else meter.proc.env.get("TZ"))
        text = strftime("%H:%M:%S", local_time(seconds, zone))
        return f"{text}.{micros // scale:0{precision}d}" if precision else text

    return show


MAKERS: Final[Mapping[str, Callable[[str], Show]]] = {
    "n": _interface,
    "c": _processors,
    "m": _memory,
    "s": _swap,
    "f": _files,
    "i": _interrupts,
    "x": lambda parameter: _rate("stat", "ctxt", 1),
    "p": _forks,
    "t": _clock,
    "T": lambda parameter: _clock(parameter, since_start=True),
    "b": _blocks,
}
FILES: Final = {
    "n": "net/dev", "c": "stat", "m": "meminfo", "s": "meminfo", "f": "sys/fs/file-nr", "i": "stat", "x": "stat", "b": "diskstats"
}  # fmt: skip


class Meter:
    """A run of nmeter.

    Attributes:
        files: The files of /proc as they were for this line.
        now_us, start_us: The time of this line, and of the first.
    """

    def __init__(self, call: Call, template: str) -> None:
        self.call = call
        self.proc: Process = call.proc
        self.files: dict[str, str] = {}
        self.now_us = self.start_us = 0
        self.end = "\n"
        self._parts: list[tuple[str, Show | None]] = []
        self._paths: dict[str, None] = {}
        self._read(template)

    def _read(self, template: str) -> None:
        """Reads the format. Raises ShowUsage."""
        label = ""
        while template:
            before, percent, template = template.partition("%")
            label += before
            if not percent:
                break
            if template[:1] == "%":
                label, template = label + "%", template[1:]
                continue
            match = _BRACKETED.match(template) if template[:1] == "[" else _PLAIN.match(template)
            if match is None:
                raise ShowUsage
            letter, parameter = (match[1], match[2]) if template[:1] == "[" else (match[2], match[1])
            template = template[match.end() :]
            if letter == "r":
                self.end = "\r"
            elif letter in MAKERS:
                path = "loadavg" if letter == "p" and parameter[:1] == "n" else FILES.get(letter, "stat" if letter == "p" else "")
                if path:
                    self._paths[path] = None
                self._parts.append((label, MAKERS[letter](parameter)))
                label = ""
            else:
                raise ShowUsage
        if label:
            self._parts.append((label, None))

    async def line(self) -> str:
        """Reads all files, and makes a line of them."""
        await self.proc.cpu(LINE_COST_NS)
        for path in self._paths:
            try:
                self.files[path] = await read_text(self.proc, f"/proc/{path}")
            except OSError as error:
                self.call.die_of(f"can't open '{path}'", error)
        return "".join(label + (show(self) if show is not None else "") for label, show in self._parts)[:MOST_BYTES]

    def look(self) -> int:
        """The time in microseconds."""
        self.now_us = self.proc.kernel.wall_ns // MICROSECOND
        return self.now_us


@applet("nmeter", "d:", operands=(1, None))
async def nmeter(call: Call) -> int:
    """Prints lines until it is killed."""
    proc = call.proc
    delta = signed(call.options.get("d", "1000"), INT_MIN, INT_MAX) * (MILLISECOND // MICROSECOND)
    period = delta if delta > 0 else 1
    meter = Meter(call, call.operands[0])
    await meter.line()
    if delta >= 0:
        await proc.sleep((1_000_000 if delta > 1_000_000 else delta - meter.look() % 1_000_000 % period) * MICROSECOND / SECOND)
    meter.start_us = meter.look()
    if delta > 0:
        meter.start_us -= meter.start_us % 1_000_000 % delta
    while True:
        await call.out.write_text(await meter.line() + meter.end)
        await call.out.flush()
        if delta >= 0:
            now = meter.look()
            rest = delta - (now if 1_000_000 % period else now % 1_000_000) % period
            if rest < delta // 128:
                rest += delta
            await proc.sleep(rest * MICROSECOND / SECOND)
        meter.look()
