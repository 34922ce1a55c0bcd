"""diff: what differs between files and trees, in the unified form alone."""

import errno
import re
import stat as st
from collections.abc import Hashable
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.files.paths import join, last_component
from podlab.mock.programs.numbers import INT_MAX
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.text.differences import Change, changes

SAME: Final = 0
DIFFERENT: Final = 1
TROUBLE: Final = 2
LINE_COST_NS: Final = 2_000
_NO_NEWLINE: Final = b"\n\\ No newline at end of file\n"
_SPACES: Final = re.compile(rb"[ \t\n\v\f\r]+")


class _Side:
    """One of the two files: its name, its content, and its lines (each with its newline, if it has one)."""

    def __init__(self, name: str, content: bytes) -> None:
        self.name = name
        self.content = content
        self.lines = content.splitlines(keepends=True) if b"\r" not in content else _lines(content)

    @property
    def is_text(self) -> bool:
        """Whether it looks like text."""
        return b"\0" not in self.content


def _lines(content: bytes) -> list[bytes]:
    lines = content.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _context(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > INT_MAX:
        raise Die(f"invalid number '{text}'")
    return int(text)


class Comparison:
    """A run of diff: its options, and what it prints."""

    def __init__(self, call: Call) -> None:
        self.call = call
        options = call.options
        self.context = ([3] + [_context(text) for text in options.all("U")])[-1]
        labels = options.all("L")
        self.labels = labels[:1] + labels[1:][-1:]
        self.has = options.__contains__

    async def files(self, old: str, new: str, named: bool = True) -> int:
        """Compares two files; `named` ones, that stand on the command line, keep their names even if absent."""
        if self._is_one(old, new):
            return SAME
        sides = []
        for name in (old, new):
            try:
                sides.append(await self._read(name, named))
            except OSError as error:
                await self.call.warn_of(name, error)
                return TROUBLE
        return await self._compare(*sides)

    def _is_one(self, old: str, new: str) -> bool:
        """Whether both names are of one file."""
        try:
            stats = [self.call.proc.stat(name) for name in (old, new) if name != "-"]
        except OSError:
            return False
        return len(stats) == 2 and (stats[0].dev, stats[0].ino) == (stats[1].dev, stats[1].ino)

    async def _read(self, name: str, named: bool) -> _Side:
        if self.has("N") and name != "-" and not self._mode(name):
            return _Side(name if named else "/dev/null", b"")
        reader = await self.call.open(name)
        data = await reader.read_all()
        reader.close()
        if reader.error is not None:
            raise reader.error
        return _Side(name, data)

    async def _compare(self, old: _Side, new: _Side) -> int:
        found: list[Change] = []
        if old.content != new.content:
            if not self.has("a") and not (old.is_text and new.is_text):
                await self._say(f"Files {old.name} and {new.name} differ")
                return DIFFERENT
            found = await self._changes(old, new)
        if not found:
            if self.has("s"):
                await self._say(f"Files {old.name} and {new.name} are identical")
            return SAME
        if self.has("q"):
            await self._say(f"Files {old.name} and {new.name} differ")
        else:
            await self._print(old, new, found)
        return DIFFERENT

    async def _say(self, text: str) -> None:
        await self.call.out.write_text(text + "\n")

    async def _changes(self, old: _Side, new: _Side) -> list[Change]:
        await self.call.proc.cpu(LINE_COST_NS * (len(old.lines) + len(new.lines)))
        keys = [[self._key(line) for line in side.lines] for side in (old, new)]
        found = changes(keys[0], keys[1], self.has("d"))
        if not self.has("B"):
            return list(found)
        return [change for change in found if not _only_blank(old, new, change)]

    def _key(self, line: bytes) -> Hashable:
        """What a line is compared by."""
        if self.has("w"):
            line = _SPACES.sub(b"", line)
        elif self.has("b"):
            line = _SPACES.sub(b" ", line).rstrip(b" ")
        return line.lower() if self.has("i") else line

    # --- printing ---

    async def _print(self, old: _Side, new: _Side, found: list[Change]) -> None:
        names = [*self.labels, *(old.name, new.name)[len(self.labels) :]]
        await self._say(f"--- {names[0]}")
        await self._say(f"+++ {names[1]}")
        hunk: list[Change] = []
        for change in found:
            if hunk and change.old_start - hunk[-1].old_end > 2 * self.context:
                await self._hunk(old, new, hunk)
                hunk = []
            hunk.append(change)
        await self._hunk(old, new, hunk)

    async def _hunk(self, old: _Side, new: _Side, hunk: list[Change]) -> None:
        first, last = hunk[0], hunk[-1]
        before = min(self.context, first.old_start, first.new_start)
        old_start, new_start = first.old_start - before, first.new_start - before
        old_end = min(last.old_end + self.context, len(old.lines))
        new_end = min(last.new_end + self.context, len(new.lines))
        await self._say(f"@@ -{_range(old_start, old_end)} +{_range(new_start, new_end)} @@")
        at = old_start
        for change in hunk:
            await self._show(b" ", old.lines[at : change.old_start])
            await self._show(b"-", old.lines[change.old_start : change.old_end])
            await self._show(b"+", new.lines[change.new_start : change.new_end])
            at = change.old_end
        await self._show(b" ", old.lines[at:old_end])

    async def _show(self, mark: bytes, lines: list[bytes]) -> None:
        for line in lines:
            text = line.expandtabs() if self.has("t") else line
            tab = b"\t" if self.has("T") else b""
            await self.call.out.write(mark + tab + (text if text.endswith(b"\n") else text + _NO_NEWLINE))

    # --- directories ---

    async def trees(self, old: str, new: str) -> int:
        """Compares two directories: what is in them, or with -r all files below."""
        names = [await self._names(old, new), await self._names(new, old)]
        result = SAME
        for name in sorted({*names[0], *names[1]}, key=to_bytes):
            paths = join(old, name), join(new, name)
            present = [name in each for each in names]
            if not all(present) and not self.has("N"):
                await self._say(f"Only in {old if present[0] else new}: {name}")
                result = max(result, DIFFERENT)
                continue
            result = max(result, await self._both(*paths))
        return result

    async def _both(self, old: str, new: str) -> int:
        modes = [self._mode(old), self._mode(new)]
        directories = [st.S_ISDIR(mode) for mode in modes]
        if all(directories):
            await self._say(f"Common subdirectories: {old} and {new}")
            return SAME
        for mode, path in zip(modes, (old, new), strict=True):
            if mode and not st.S_ISREG(mode) and not st.S_ISDIR(mode):
                await self._say(f"File {path} is not a regular file or directory and was skipped")
                return SAME
        if any(directories):
            kinds = ["directory" if each else "regular file" for each in directories]
            await self._say(f"File {old} is a {kinds[0]} while file {new} is a {kinds[1]}")
            return DIFFERENT
        return await self.files(old, new, named=False)

    async def _names(self, top: str, other: str) -> dict[str, None]:
        """The paths below a directory that are compared, in a dictionary for its quick `in`.

        With -r, directories that the other tree does not have are passed over, unless -N asks for what is in them.
        """
        start = self.call.options.get("S")
        found: dict[str, None] = {}
        todo = [""]
        while todo:
            folder = todo.pop()
            for each in self.call.proc.listdir(join(top, folder)):
                name = f"{folder}/{each}" if folder else each
                try:
                    is_directory = st.S_ISDIR(self.call.proc.stat(join(top, name)).mode)
                except OSError as error:
                    await self.call.warn_of(join(top, name), error)
                    continue
                if self.has("r") and is_directory:
                    if self.has("N") or st.S_ISDIR(self._mode(join(other, name))):
                        todo.append(name)
                elif start is None or name >= start:
                    found[name] = None
        return found

    def _mode(self, path: str) -> int:
        """What kind of file it is; 0 when there is none."""
        try:
            return self.call.proc.stat(path).mode
        except OSError:
            return 0


def _only_blank(old: _Side, new: _Side, change: Change) -> bool:
    lines = old.lines[change.old_start : change.old_end] + new.lines[change.new_start : change.new_end]
    return all(line in (b"\n", b"") for line in lines)


def _range(start: int, end: int) -> str:
    if end - start == 1:
        return str(end)
    return f"{start + 1 if end > start else start},{end - start}"


_LONG: Final = {
    "ignore-case": "i",
    "ignore-tab-expansion": "E",
    "ignore-space-change": "b",
    "ignore-all-space": "w",
    "ignore-blank-lines": "B",
    "text": "a",
    "unified": "U",
    "label": "L",
    "show-c-function": "p",
    "brief": "q",
    "expand-tabs": "t",
    "initial-tab": "T",
    "recursive": "r",
    "new-file": "N",
    "report-identical-files": "s",
    "starting-file": "S",
    "minimal": "d",
}


@applet("diff", "abdiL:NqrsS:tTU:wupBE", long_options=_LONG)
async def diff(call: Call) -> int:
    """Compares files or directories."""
    comparison = Comparison(call)
    if len(call.operands) != 2:
        call.usage()
    names = list(call.operands)
    if names == ["-", "-"]:
        return SAME
    call.error_code = TROUBLE
    directories = [_is_directory(call, name) for name in names]
    call.error_code = DIFFERENT
    if "-" in names and any(directories):
        call.die("can't compare stdin to a directory")
    if all(directories):
        return await comparison.trees(*names)
    for index in (0, 1):
        if directories[index]:
            names[index] = join(names[index], last_component(names[1 - index]))
            _is_directory(call, names[index], may_be_absent=False)
    return await comparison.files(names[0], names[1])


def _is_directory(call: Call, name: str, may_be_absent: bool = True) -> bool:
    """Whether a file is a directory; dies when it is not there, unless it may be absent and -N is given."""
    if name == "-":
        return False
    try:
        return st.S_ISDIR(call.proc.stat(name).mode)
    except OSError as error:
        if not may_be_absent or "N" not in call.options or error.errno != errno.ENOENT:
            call.die(f"can't stat '{name}': {strerror(error.errno or 0)}")
        return False
