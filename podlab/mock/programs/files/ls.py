"""ls."""

import re
import stat as st
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.files import Stat
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.files.paths import FILE_COST_NS
from podlab.mock.programs.modes import mode_string
from podlab.mock.programs.numbers import INT_MAX, human_readable, unsigned
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.terminal import width as terminal_width
from podlab.mock.programs.text.ordering import Version
from podlab.mock.programs.timezones import parse_zone
from podlab.mock.programs.users import Accounts, read_accounts

HALF_YEAR: Final = 365 * 86_400 // 2
FULL_TIME: Final = "\x01"
DIRECTORIES_FIRST: Final = "\x02"
COLOR: Final = "\x03"
LONG_OPTIONS: Final = {"full-time": FULL_TIME, "group-directories-first": DIRECTORIES_FIRST, "color": COLOR}

_COLORS: Final = {
    st.S_IFIFO: "0;35",
    st.S_IFCHR: "1;35",
    st.S_IFDIR: "1;34",
    st.S_IFBLK: "1;35",
    st.S_IFREG: "0;0",
    st.S_IFLNK: "1;36",
    st.S_IFSOCK: "1;35",
}
_COLOR_MISSING: Final = "1;31"
_UNPRINTABLE: Final = re.compile(r"[^ -~\xa0-\u02ff]")
_COLOR_PROGRAM: Final = "1;32"
_MARKS: Final = {st.S_IFDIR: "/", st.S_IFIFO: "|", st.S_IFLNK: "@", st.S_IFSOCK: "="}


@dataclass(slots=True)
class Entry:
    """A file to be listed: `path` to look at it, `name` to show; `stat` follows links if the command does."""

    name: str
    path: str
    stat: Stat
    lstat: Stat


class Listing:
    """One run of ls: the options, and what they make of each file."""

    def __init__(self, call: Call, accounts: Accounts) -> None:
        self.call = call
        self.proc = call.proc
        self.accounts = accounts
        options = call.options
        self.long = options.any("lgn" + FULL_TIME)
        tty = self.proc.isatty(1)
        layout = options.last_of("1Cx")
        self.columns = not self.long and (layout in ("C", "x") if layout else tty)
        self.across = layout == "x"
        self.width = unsigned(options.get("w", "0"), 0, INT_MAX) or terminal_width(self.proc)
        self.color = self._wants_color(tty)
        self.zone = parse_zone(self.proc.env.get("TZ"))
        self.code = 0

    def _wants_color(self, tty: bool) -> bool:
        if COLOR in self.call.options:
            how = self.call.options.get(COLOR) or "always"
            if how in ("always", "yes", "force"):
                return True
            return how in ("auto", "tty", "if-tty") and tty
        return tty and self.proc.env.get("LS_COLORS", "unset") not in ("", "none")

    def has(self, letters: str) -> bool:
        """Whether any of these options was given."""
        return self.call.options.any(letters)

    async def entry(self, path: str, name: str, on_command_line: bool) -> Entry | None:
        """Looks at a file, or says why it cannot."""
        await self.call.proc.cpu(FILE_COST_NS)
        follow = self.has("L") or (on_command_line and (self.has("H") or not (self.long or self.has("isF"))))
        try:
            lstat = self.proc.lstat(path)
            stat = lstat
            if follow and st.S_ISLNK(lstat.mode):
                stat = self.proc.stat(path)
        except OSError as error:
            await self.call.warn(f"{path}: {strerror(error.errno or 0)}")
            self.code = 1
            return None
        return Entry(name, path, stat, lstat)

    def sort(self, entries: list[Entry]) -> list[Entry]:
        """Puts entries into the wanted order."""
        entries.sort(key=lambda entry: to_bytes(entry.name))
        order = self.call.options.last_of("SXvt")
        keys: dict[str, Callable[[Entry], Any]] = {
            "S": lambda entry: -entry.stat.size,
            "t": lambda entry: -(self.time_of(entry) // SECOND),
            "v": lambda entry: Version(to_bytes(entry.name)),
            "X": lambda entry: to_bytes("." + entry.name.partition(".")[2] if "." in entry.name else ""),
        }
        if order:
            entries.sort(key=keys[order])
        if self.has("r"):
            entries.reverse()
        if DIRECTORIES_FIRST in self.call.options:
            entries.sort(key=lambda entry: not st.S_ISDIR(entry.stat.mode))
        return entries

    def time_of(self, entry: Entry) -> int:
        """The time that is shown and sorted by."""
        which = self.call.options.last_of("cu")
        return {"c": entry.stat.ctime_ns, "u": entry.stat.atime_ns}.get(which, entry.stat.mtime_ns)

    # --- output ---

    async def show(self, entries: list[Entry], with_total: bool) -> None:
        """Prints sorted entries."""
        out = self.call.out
        if with_total and (self.long or self.has("s")):
            kilobytes = sum(entry.stat.blocks for entry in entries) // 2
            size = f"{human_readable(kilobytes << 10, 0):7}" if self.has("h") else str(kilobytes)
            await out.write_text(f"total {size}\n")
        shown = []
        for entry in entries:
            await self.call.proc.cpu(FILE_COST_NS)
            target = await self._target(entry) if self.long and st.S_ISLNK(entry.stat.mode) else None
            shown.append(self.line(entry, target))
        widest = max((len(entry.name) for entry in entries), default=0) + 2
        widest += 8 * self.has("i") + 5 * self.has("s")
        count = self.width // widest if self.columns else 1
        if count <= 1:
            await out.write_text("".join(f"{text}\n" for text, _ in shown))
            return
        rows = -(-len(shown) // count)
        for row in range(rows):
            cells = shown[row * count : (row + 1) * count] if self.across else shown[row::rows]
            line = "".join(text + " " * (widest - length) for text, length in cells[:-1])
            await out.write_text(f"{line}{cells[-1][0]}\n")

    def line(self, entry: Entry, target: str | None) -> tuple[str, int]:
        """What is printed for an entry (with what a link points to), and how many columns it takes."""
        parts = []
        if self.has("i"):
            parts.append(f"{entry.stat.ino:7d} ")
        if self.has("s"):
            blocks = entry.stat.blocks
            parts.append(f"{human_readable(blocks, 512):>7s} " if self.has("h") else f"{blocks // 2:6d} ")
        if self.long:
            parts.append(self.details(entry))
        head = "".join(parts)
        name = printable(entry.name)
        if self.has("Q"):
            name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
        length = len(head) + len(name)
        if self.color:
            name = f"\x1b[{self._color(entry.lstat)}m{name}\x1b[m"
        tail = self._mark(entry.stat.mode) if target is None else target
        return head + name + tail, length + len(tail)

    def details(self, entry: Entry) -> str:
        """The columns of -l before the name."""
        stat = entry.stat
        owner = group = ""
        if self.has("n"):
            owner, group = f"{stat.uid:<8d} ", f"{stat.gid:<8d} "
        else:
            owner = f"{self.accounts.user_name(stat.uid)[:8]:<8s} "
            group = f"{self.accounts.group_name(stat.gid)[:8]:<8s} "
        if self.has("g"):
            owner = ""
        if st.S_ISBLK(stat.mode) or st.S_ISCHR(stat.mode):
            size = f"{stat.rdev[0]:4d}, {stat.rdev[1]:3d} "
        elif self.has("h"):
            size = f"{human_readable(stat.size):>7s} "
        else:
            size = f"{stat.size:9d} "
        return f"{mode_string(stat.mode):10s} {stat.nlink:4d} {owner}{group}{size}{self._time(entry)} "

    def _time(self, entry: Entry) -> str:
        moment = self.time_of(entry) // SECOND
        time = local_time(moment, self.zone)
        if FULL_TIME in self.call.options:
            return strftime("%Y-%m-%d %H:%M:%S %z", time)
        age = self.proc.kernel.wall_ns // SECOND - moment
        return strftime("%b %e %H:%M" if -15 * 60 < age < HALF_YEAR else "%b %e  %Y", time)

    async def _target(self, entry: Entry) -> str:
        try:
            target = printable(self.proc.readlink(entry.path))
        except OSError as error:  # gone since it was listed; that is said, and no failure
            await self.call.warn(f"{entry.path}: cannot read link: {strerror(error.errno or 0)}")
            return ""
        try:
            behind = self.proc.stat(entry.path)
        except OSError:
            return f" -> \x1b[{_COLOR_MISSING}m{target}\x1b[m" if self.color else f" -> {target}"
        mark = self._mark(behind.mode) if self.has("F") else ""
        return f" -> \x1b[{self._color(behind)}m{target}\x1b[m{mark}" if self.color else f" -> {target}{mark}"

    def _color(self, stat: Stat) -> str:
        if st.S_ISREG(stat.mode) and stat.mode & 0o111:
            return _COLOR_PROGRAM
        return _COLORS.get(st.S_IFMT(stat.mode), "0;0")

    def _mark(self, mode: int) -> str:
        if self.has("F"):
            return "*" if st.S_ISREG(mode) and mode & 0o111 else _MARKS.get(st.S_IFMT(mode), "")
        return "/" if self.has("p") and st.S_ISDIR(mode) else ""

    async def directory(self, path: str) -> list[Entry]:
        """The entries of a directory that are to be shown, sorted."""
        try:
            with self.proc.directory(path) as names:
                return await self._entries(path, names)
        except OSError as error:
            await self.call.warn(f"can't open '{path}': {strerror(error.errno or 0)}")
            self.code = 1
            return []

    async def _entries(self, path: str, names: list[str]) -> list[Entry]:
        if self.has("a"):
            if self.proc.stat(path).nlink:  # one that was removed has not even these
                names = [".", "..", *names]
        elif not self.has("A"):
            names = [name for name in names if not name.startswith(".")]
        prefix = path if path.endswith("/") else path + "/"
        found = [await self.entry(prefix + name, name, on_command_line=False) for name in names]
        return self.sort([entry for entry in found if entry is not None])


def printable(name: str) -> str:
    """A name as it is shown: a question mark for whatever is no printable character that busybox knows."""
    return _UNPRINTABLE.sub("?", name)


@applet(
    "ls",
    "Cadi1lgnsxAkQSXrvctupFRLHhT:w:" + FULL_TIME + DIRECTORIES_FIRST + COLOR + "::",
    long_options=LONG_OPTIONS,
    ignores_output_errors=True,
)
async def ls(call: Call) -> int:
    """Lists files and directories."""
    listing = Listing(call, await read_accounts(call.proc))
    entries = [await listing.entry(path, path, on_command_line=True) for path in call.operands or ["."]]
    found = [entry for entry in entries if entry is not None]
    if "d" in call.options:
        await listing.show(listing.sort(found), with_total=False)
        return listing.code
    files = [entry for entry in found if not st.S_ISDIR(entry.stat.mode)]
    directories = listing.sort([entry for entry in found if st.S_ISDIR(entry.stat.mode)])
    if files:
        await listing.show(listing.sort(files), with_total=False)
    headed = len(call.operands) > 1 or "R" in call.options
    await _show_directories(listing, directories, headed, first=not files)
    return listing.code


async def _show_directories(listing: Listing, directories: list[Entry], headed: bool, first: bool) -> None:
    """Prints the contents of directories, and with -R of those in them."""
    todo = directories[::-1]
    while todo:
        entry = todo.pop()
        if headed:
            await listing.call.out.write_text(f"{'' if first else chr(10)}{entry.path}:\n")
        first = False
        inside = await listing.directory(entry.path)
        await listing.show(inside, with_total=True)
        if listing.has("R"):
            below = [child for child in inside if st.S_ISDIR(child.stat.mode) and child.name not in (".", "..")]
            todo.extend(below[::-1])
