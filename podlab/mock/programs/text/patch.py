"""patch: applies unified diffs, hunk by hunk, where their lines are found.

A file is gone through once: a hunk is looked for behind the one before it, and one that does not end in as many unchanged lines
as it begins with must stand at the end of the file.
"""

import errno
import re
import stat as st
from dataclasses import dataclass, field
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.files.paths import parent
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import to_text

_HUNK: Final = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))?")
_HEADER: Final = re.compile(rb"(?:---|\+\+\+) ((?:\\.|[^\t])*)(?:\t\s*(\d+))?", re.DOTALL)
_NO_FILE: Final = "/dev/null"
_NO_NAME: Final = "MISSING_FILENAME"
_ABSENT_YEARS: Final = range(1901, 1971)
"""A side whose time is in one of these years is one that does not exist."""
_LINE_COST_NS: Final = 2_000


@dataclass(slots=True)
class Hunk:
    """Lines with their marks; where they stand on either side, and how many of them.

    `broken` when a line was no part of a hunk, `cut_off` when the diff ended within it.
    """

    header: str
    start: int
    new_start: int
    old_count: int
    new_count: int
    lines: list[bytes] = field(default_factory=list)
    broken: bool = False
    cut_off: bool = False

    @property
    def must_end(self) -> bool:
        """Whether it must stand at the end of the file."""
        leading = _unchanged(self.lines)
        trailing = _unchanged(self.lines[::-1])
        return not trailing or trailing < leading


def _unchanged(lines: list[bytes]) -> int:
    """How many lines without a change come first."""
    return next((at for at, line in enumerate(lines) if line[:1] != b" "), len(lines))


@dataclass(slots=True)
class FilePatch:
    """What a diff does to one file: the names in its lines `---` and `+++`, and the hunks below."""

    old: str
    new: str
    hunks: list[Hunk] = field(default_factory=list)


def parse_patch(data: bytes) -> list[FilePatch]:
    """Reads a unified diff; what stands around it is passed over, and what follows a broken hunk up to the next file."""
    patches: list[FilePatch] = []
    lines = data.removesuffix(b"\n").split(b"\n") if data else []
    names = {b"-": _NO_NAME, b"+": _NO_NAME}
    is_open = is_new = False
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if line.startswith((b"--- ", b"+++ ")):
            names[line[:1]] = _name(line)
            is_open = is_open or line.startswith(b"+")
            is_new = True
        elif is_open and (match := _HUNK.match(line)) is not None:
            if is_new:
                patches.append(FilePatch(names[b"-"], names[b"+"]))
                is_new = False
            old_count, new_count = (int(match[number]) if match[number] else 1 for number in (2, 4))
            hunk = Hunk(to_text(line), int(match[1]), int(match[3]), old_count, new_count)
            index = _hunk_lines(hunk, lines, index)
            patches[-1].hunks.append(hunk)
            is_open = not hunk.broken
    return patches


def _name(line: bytes) -> str:
    match = _HEADER.match(line)
    assert match is not None
    return _NO_FILE if match[2] and int(match[2]) in _ABSENT_YEARS else to_text(match[1])


def _hunk_lines(hunk: Hunk, lines: list[bytes], index: int) -> int:
    """Reads the lines of a hunk. Returns the index after them."""
    old, new = hunk.old_count, hunk.new_count
    while old or new:
        if index == len(lines):
            hunk.cut_off = True
            break
        line = lines[index] or b" "
        index += 1
        mark = line[:1]
        if mark not in (b" ", b"-", b"+"):  # also a `\\ No newline at end of file`, which busybox does not know
            hunk.broken = True
            break
        old -= mark != b"+"
        new -= mark != b"-"
        hunk.lines.append(line)
    return index


class _Reading:
    """A file as it is gone through: what was read, and what is to be written in its stead."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self.count = 0
        self.written = bytearray()

    def line(self) -> bytes | None:
        """The next line, without its newline."""
        self.count += 1
        if self._at >= len(self._data):
            return None
        end = self._data.find(b"\n", self._at)
        end = end if end >= 0 else len(self._data)
        line = self._data[self._at : end]
        self._at = end + 1
        return line

    def finished(self) -> bytes:
        """All of it, with what was not gone through as it was."""
        return bytes(self.written) + self._data[self._at :]


class _Search:
    """Looks for a hunk from where a file was gone through to; what is passed over is written as it was.

    A line that is to be added and is there already makes the hunk one that may be `doubled`; with `ignores` (-N) it then counts
    as applied.
    """

    def __init__(self, hunk: Hunk, reading: _Reading, *, reverse: bool, ignores: bool) -> None:
        self._hunk = hunk
        self._reading = reading
        self._reverse = reverse
        self._ignores = ignores
        self._place = 0
        self._held: list[bytes] = []
        self.doubled = False
        self.drops = b"+" if reverse else b"-"

    async def run(self, call: Call) -> bool:
        """Whether it was found; then its changed lines are written."""
        if (self._hunk.old_count if self._reverse else self._hunk.new_count) and not await self._find(call):
            return False
        for line in self._hunk.lines:
            if line[:1] != self.drops:
                self._reading.written += line[1:] + b"\n"
        return True

    async def _find(self, call: Call) -> bool:
        must_end, lines = self._hunk.must_end, self._hunk.lines
        while True:
            await call.proc.cpu(_LINE_COST_NS)
            line = self._reading.line()
            self._pass_added(line, turns=True)
            if line is None:
                return self._place == len(lines) and must_end
            self._held.append(line)
            at = len(self._held) - 1
            while at < len(self._held):
                self._pass_added(self._held[at], turns=False)
                if self._place < len(lines) and self._held[at] == lines[self._place][1:]:
                    self._place += 1
                    if self._place == len(lines) and not must_end:
                        return True
                    at += 1
                    continue
                self._reading.written += self._held.pop(0) + b"\n"
                self._place = at = 0

    def _pass_added(self, line: bytes | None, *, turns: bool) -> None:
        """Goes past the lines that are to be added. Where -N turns the hunk over, the line is compared itself if it `turns`."""
        lines = self._hunk.lines
        while self._place < len(lines) and lines[self._place][:1] == (b"-" if self._reverse else b"+"):
            if line == lines[self._place][1:] and not self.doubled:
                self.doubled = True
                if self._ignores:
                    self._reverse = not self._reverse
                    if turns:
                        continue
            self._place += 1


class Patcher:
    """A run of patch."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.has = call.options.__contains__
        self.code = 0
        strip = call.options.get("p")
        self._prefix = re.compile("(?:[^/]*/+)" + ("*" if strip is None else f"{{0,{unsigned(strip, 0, INT_MAX)}}}"))

    async def apply(self, patch: FilePatch) -> None:
        """Applies what a diff does to one file. The name is that of `+++`, also with -R, unless the file is empty then."""
        first, reverse = patch.hunks[0], self.has("R")
        self._check(first)
        if self.call.operands:
            patch = FilePatch(_NO_NAME, _NO_NAME, patch.hunks)
        old_sum, new_sum = first.start + first.old_count, first.new_start + first.new_count
        is_emptied = patch.new == _NO_FILE or not (old_sum if reverse else new_sum)
        path = self._path(patch.old if is_emptied else patch.new)
        if is_emptied:
            await self._empty(path)
            return
        is_new = (patch.new if reverse else patch.old) == _NO_FILE or not old_sum
        await self._say(f"{'creating' if is_new else 'patching file'} {path}")
        reading = _Reading(await (self._create(path) if is_new else self._read(path)))
        for number, hunk in enumerate(patch.hunks, 1):
            self._check(hunk)
            if hunk.cut_off or (hunk.broken and not hunk.lines):
                break
            search = _Search(hunk, reading, reverse=reverse, ignores=self.has("N"))
            if hunk.broken or not await search.run(self.call):
                await self._failed(hunk, number, reading.count if search.doubled else 0)
                return
        await self._write(path, reading.finished())

    def _check(self, hunk: Hunk) -> None:
        if hunk.old_count < 1 and hunk.new_count < 1:
            raise Die(f"Really? {hunk.header}")

    def _path(self, name: str) -> str:
        if self.call.operands:
            return self.call.operands[0]
        match = self._prefix.match(name)
        return name[match.end() :] if match else name

    async def _empty(self, path: str) -> None:
        """Does away with a file, or with what is in it."""
        if self.has("E"):
            await self._say(f"removing {path}")
            if not self.has("D"):
                try:
                    self.call.proc.unlink(path)
                except OSError as error:
                    self.call.die_of(f"can't remove file '{path}'", error)
            return
        await self._say(f"patching file {path}")
        if not self.has("D"):
            await self._open(path, O_WRONLY | O_TRUNC)

    async def _failed(self, hunk: Hunk, number: int, doubled_at: int) -> None:
        self.code = 1
        await self.call.out.flush()
        if doubled_at:
            await self.call.error(f"Possibly reversed hunk {number} at {doubled_at}\n")
        shown = "".join(to_text(line) + "\n" for line in hunk.lines)
        await self.call.error(f"Hunk {number} FAILED {hunk.start}/{hunk.new_start}.\n{shown}")

    async def _create(self, path: str) -> bytes:
        if not self.has("D"):
            self._make_parents(parent(path))
            await self._open(path, O_WRONLY | O_CREAT | O_EXCL)
        return b""

    async def _open(self, path: str, flags: int) -> None:
        try:
            self.call.proc.close(await self.call.proc.open(path, flags, 0o666))
        except OSError as error:
            self.call.die_of(f"can't open '{path}'", error)

    async def _read(self, path: str) -> bytes:
        reader = await self.call.open_or_die(path)
        data = await reader.read_all()
        reader.close()
        return data

    async def _write(self, path: str, data: bytes) -> None:
        """Puts a new file of the same mode into the place of the old one."""
        proc = self.call.proc
        if self.has("D"):
            return
        mode = st.S_IMODE(proc.stat(path).mode)
        proc.unlink(path)
        fd = await proc.open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        await proc.write(fd, data)
        proc.close(fd)
        proc.chmod(path, mode)

    def _make_parents(self, folder: str) -> None:
        try:
            self.call.proc.stat(folder)
        except OSError as error:
            if error.errno != errno.ENOENT:
                return
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
