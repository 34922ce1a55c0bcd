"""patch: applies unified diffs, hunk by hunk, where their lines are found."""

import errno
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import parent
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import to_text

_HUNK: Final = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(slots=True)
class Hunk:
    """Lines with their marks; where they stand on either side, and how many of them."""

    start: int
    new_start: int
    old_count: int
    new_count: int
    lines: list[bytes] = field(default_factory=list)
    broken: bool = False

    def side(self, mark: bytes) -> list[bytes]:
        """The lines before (mark `-`) or after (`+`)."""
        return [line[1:] for line in self.lines if line[:1] in (b" ", mark)]

    def reversed(self) -> "Hunk":
        """The hunk that undoes this one."""
        swapped = {b"-": b"+", b"+": b"-"}
        removed_first = sorted_runs([swapped.get(line[:1], b" ") + line[1:] for line in self.lines])
        return Hunk(self.new_start, self.start, self.new_count, self.old_count, removed_first, self.broken)


def sorted_runs(lines: list[bytes]) -> list[bytes]:
    """The same lines, in each run of changes those that are removed before those that are added."""
    result: list[bytes] = []
    run: list[bytes] = []
    for line in [*lines, b" "]:
        if line[:1] != b" ":
            run.append(line)
            continue
        result += [each for each in run if each[:1] == b"-"] + [each for each in run if each[:1] == b"+"] + [line]
        run = []
    return result[:-1]


@dataclass(slots=True)
class FilePatch:
    """What a diff does to one file."""

    old: str
    new: str
    hunks: list[Hunk] = field(default_factory=list)


def parse_patch(data: bytes) -> list[FilePatch]:
    """Reads a unified diff; what stands around it is passed over."""
    patches: list[FilePatch] = []
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    old = ""
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if line.startswith(b"--- "):
            old = _name(line)
        elif line.startswith(b"+++ "):
            patches.append(FilePatch(old, _name(line)))
        elif patches and (match := _HUNK.match(line)) is not None:
            old_count, new_count = (int(match[number]) if match[number] else 1 for number in (2, 4))
            hunk = Hunk(int(match[1]), int(match[3]), old_count, new_count)
            index = _hunk_lines(hunk, lines, index)
            patches[-1].hunks.append(hunk)
    return patches


def _name(line: bytes) -> str:
    return to_text(line[4:].partition(b"\t")[0])


def _hunk_lines(hunk: Hunk, lines: list[bytes], index: int) -> int:
    """Reads the lines of a hunk. Returns the index after them."""
    old, new = hunk.old_count, hunk.new_count
    while index < len(lines) and (old > 0 or new > 0):
        line = lines[index]
        if not line:
            line = b" "
        mark = line[:1]
        if mark not in (b" ", b"-", b"+"):  # also a `\\ No newline at end of file`, which busybox does not know
            hunk.broken = True
            break
        old -= mark != b"+"
        new -= mark != b"-"
        hunk.lines.append(line)
        index += 1
    hunk.broken = hunk.broken or old > 0 or new > 0
    return index


class Patcher:
    """A run of patch."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.has = call.options.__contains__
        self.code = 0
        strip = call.options.get("p")
        self.strip = None if strip is None else unsigned(strip, 0, INT_MAX)

    def _target(self, patch: FilePatch) -> str:
        if self.call.operands:
            return self.call.operands[0]
        old, new = (patch.new, patch.old) if self.has("R") else (patch.old, patch.new)
        chosen = old if new == "/dev/null" else new
        parts = chosen.split("/")
        if self.strip is None:
            return parts[-1]
        return "/".join(parts[min(self.strip, len(parts) - 1) :])

    async def apply(self, patch: FilePatch) -> None:
        """Applies what a diff does to one file."""
        path = self._target(patch)
        hunks = [hunk.reversed() for hunk in patch.hunks] if self.has("R") else patch.hunks
        if (patch.new if self.has("R") else patch.old) == "/dev/null":
            await self._say(f"creating {path}")
            if self._exists(path):
                self.call.die(f"can't open '{path}': {strerror(errno.EEXIST)}")
            lines: list[bytes] = []
        elif self.has("E") and hunks and all(hunk.new_count == 0 for hunk in hunks):
            await self._say(f"removing {path}")
            self.call.proc.unlink(path)
            return
        else:
            await self._say(f"patching file {path}")
            data = await self._read(path)
            lines = data.removesuffix(b"\n").split(b"\n") if data else []
        offset = 0
        for number, hunk in enumerate(hunks, 1):
            at = self._place(lines, hunk, offset)
            if at is None:
                await self._failed(hunk, number, patch.hunks[number - 1], lines)
                return
            before, after = hunk.side(b"-"), hunk.side(b"+")
            lines[at : at + len(before)] = after
            offset = at - (hunk.start - 1) + len(after) - len(before)
        await self._write(path, b"".join(line + b"\n" for line in lines))

    async def _failed(self, hunk: Hunk, number: int, given: Hunk, lines: list[bytes]) -> None:
        self.code = 1
        await self.call.out.flush()
        added = b"-" if self.has("R") else b"+"
        leading = takewhile(lambda line: line[:1] == added, given.lines)
        if any(line[1:] in lines for line in leading):
            await self.call.error(f"Possibly reversed hunk {number} at {len(lines) + 1}\n")
        shown = "".join(to_text(line) + "\n" for line in given.lines)
        await self.call.error(f"Hunk {number} FAILED {given.start}/{given.new_start}.\n{shown}")

    def _place(self, lines: list[bytes], hunk: Hunk, offset: int) -> int | None:
        """Where a hunk's old lines stand: the place nearest to where they should be."""
        wanted = hunk.side(b"-")
        if hunk.broken:
            return None
        if not wanted:
            return min(hunk.start, len(lines))
        should = max(hunk.start - 1 + offset, 0)
        places = [at for at in range(len(lines) - len(wanted) + 1) if lines[at : at + len(wanted)] == wanted]
        return min(places, key=lambda at: (abs(at - should), at)) if places else None

    def _exists(self, path: str) -> bool:
        try:
            self.call.proc.stat(path)
        except OSError:
            return False
        return True

    async def _read(self, path: str) -> bytes:
        reader = await self.call.open_or_die(path)
        data = await reader.read_all()
        reader.close()
        return data

    async def _write(self, path: str, data: bytes) -> None:
        proc = self.call.proc
        if self.has("D"):
            return
        self._make_parents(parent(path))
        fd = await proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
        await proc.write(fd, data)
        proc.close(fd)

    def _make_parents(self, folder: str) -> None:
        if not self._exists(folder):
            self._make_parents(parent(folder))
            self.call.proc.mkdir(folder, 0o777)

    async def _say(self, text: str) -> None:
        await self.call.out.write_text(text + "\n")


@applet("patch", "up:i:RNED", long_options={"dry-run": "D"})
async def patch(call: Call) -> int:
    """Applies a diff."""
    source = call.options.get("i") or (call.operands[1] if len(call.operands) > 1 else "-")
    try:
        reader = await call.open(source)
    except OSError as error:
        call.die(f"can't open '{source}': {strerror(error.errno or 0)}")
    patcher = Patcher(call)
    for each in parse_patch(await reader.read_all()):
        await patcher.apply(each)
    return patcher.code
