"""stat."""

import re
import stat as st
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.files import Stat
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.modes import mode_string
from podlab.mock.programs.timezones import Zone, parse_zone
from podlab.mock.programs.users import Accounts, read_accounts

_DIRECTIVE: Final = re.compile(r"%([-+ #0]*)(\d*)(?:\.(\d+))?(.?)", re.DOTALL)
_TYPES: Final = {
    st.S_IFREG: "regular file",
    st.S_IFDIR: "directory",
    st.S_IFLNK: "symbolic link",
    st.S_IFCHR: "character special file",
    st.S_IFBLK: "block special file",
    st.S_IFIFO: "fifo",
    st.S_IFSOCK: "socket",
}
_FS_TYPES: Final = {
    "ext4": ("ef53", "ext2/ext3"),
    "tmpfs": ("1021994", "tmpfs"),
    "proc": ("9fa0", "proc"),
    "overlay": ("794c7630", "overlayfs"),
}
_FS_BLOCK: Final = 4096
_DEFAULT: Final = """\
  File: %N
  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F
Device: %Dh/%dd\tInode: %-10i  Links: %-5h{device}
Access: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)
Access: %x
Modify: %y
Change: %z
"""
_TERSE: Final = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %o\n"
_FS_DEFAULT: Final = """\
  File: "%n"
    ID: %-8i Namelen: %-7l Type: %T
Block size: %-10s
Blocks: Total: %-10b Free: %-10f Available: %a
Inodes: Total: %-10c Free: %d
"""
_FS_TERSE: Final = "%n %i %l %t %s %b %f %a %c %d\n"


@dataclass(frozen=True, slots=True)
class _Subject:
    """What is printed of one file."""

    call: Call
    path: str
    stat: Stat
    accounts: Accounts
    zone: Zone

    def time(self, moment_ns: int) -> str:
        """A time in full."""
        seconds, nanoseconds = divmod(moment_ns, SECOND)
        return strftime(f"%Y-%m-%d %H:%M:%S.{nanoseconds:09d} %z", local_time(seconds, self.zone))

    def quoted_name(self) -> str:
        """The name, for a symbolic link with its target."""
        if not st.S_ISLNK(self.stat.mode):
            return self.path
        return f"'{self.path}' -> '{self.call.proc.readlink(self.path)}'"

    def kind(self) -> str:
        """What sort of file it is."""
        if st.S_ISREG(self.stat.mode) and not self.stat.size:
            return "regular empty file"
        return _TYPES.get(st.S_IFMT(self.stat.mode), "weird file")


_FIELDS: Final[dict[str, Callable[[_Subject], str]]] = {
    "a": lambda s: f"{s.stat.mode & 0o7777:o}",
    "A": lambda s: mode_string(s.stat.mode),
    "b": lambda s: str(s.stat.blocks),
    "B": lambda s: "512",
    "d": lambda s: str(s.stat.dev),
    "D": lambda s: f"{s.stat.dev:x}",
    "f": lambda s: f"{s.stat.mode:x}",
    "F": lambda s: s.kind(),
    "g": lambda s: str(s.stat.gid),
    "G": lambda s: s.accounts.known_group(s.stat.gid) or "UNKNOWN",
    "h": lambda s: str(s.stat.nlink),
    "i": lambda s: str(s.stat.ino),
    "n": lambda s: s.path,
    "N": lambda s: s.quoted_name(),
    "o": lambda s: "4096",
    "s": lambda s: str(s.stat.size),
    "t": lambda s: f"{s.stat.rdev[0]:x}",
    "T": lambda s: f"{s.stat.rdev[1]:x}",
    "u": lambda s: str(s.stat.uid),
    "U": lambda s: s.accounts.known_user(s.stat.uid) or "UNKNOWN",
    "x": lambda s: s.time(s.stat.atime_ns),
    "X": lambda s: str(s.stat.atime_ns // SECOND),
    "y": lambda s: s.time(s.stat.mtime_ns),
    "Y": lambda s: str(s.stat.mtime_ns // SECOND),
    "z": lambda s: s.time(s.stat.ctime_ns),
    "Z": lambda s: str(s.stat.ctime_ns // SECOND),
}
_STRINGS: Final = frozenset("AFGnNUxyzS")


def _format(template: str, field: Callable[[str], str | None]) -> str:
    def one(match: re.Match[str]) -> str:
        flags, width, precision, letter = match.groups()
        if letter in ("%", "\n", ""):  # a percent sign at the end takes the newline with it
            return "%"
        text = field(letter)
        if text is None:
            return letter
        if precision and letter in _STRINGS:
            text = text[: int(precision)]
        if "#" in flags and letter in "aDftT":
            text = ("0" if letter == "a" else "0x") + text
        if not width:
            return text
        if "-" in flags:
            return text.ljust(int(width))
        return text.rjust(int(width), "0" if "0" in flags else " ")

    return _DIRECTIVE.sub(one, template)


@applet("stat", "ftLc:", operands=(1, None), ignores_output_errors=True)
async def stat(call: Call) -> int:
    """Prints what is known of files or of the file systems that they are on."""
    accounts = await read_accounts(call.proc)
    zone = parse_zone(call.proc.env.get("TZ"))
    code = 0
    for path in call.operands:
        try:
            if "f" in call.options:
                text = _show_fs(call, path)
            else:
                subject = _Subject(call, path, (call.proc.stat if "L" in call.options else call.proc.lstat)(path), accounts, zone)
                text = _show_file(call, subject)
        except OSError as error:
            what = "can't read file system information for" if "f" in call.options else "can't stat"
            await call.warn_of(f"{what} '{path}'", error)
            code = 1
        else:
            await call.out.write_text(text)
    return code


def _show_file(call: Call, subject: _Subject) -> str:
    template = call.options.get("c")
    if template is not None:
        template += "\n"
    elif "t" in call.options:
        template = _TERSE
    else:
        is_device = st.S_ISCHR(subject.stat.mode) or st.S_ISBLK(subject.stat.mode)
        template = _DEFAULT.replace("{device}", " Device type: %t,%T" if is_device else "").replace(
            "Links: %-5h\n", "Links: %h\n"
        )
    return _format(template, lambda letter: _FIELDS[letter](subject) if letter in _FIELDS else None)


def _show_fs(call: Call, path: str) -> str:
    _, kind, size, used = call.proc.statvfs(path)
    total = (size or 0) // _FS_BLOCK
    free = max(total - used // _FS_BLOCK, 0)
    magic, name = _FS_TYPES.get(kind, ("0", "UNKNOWN"))
    fields = {
        "n": path,
        "i": "0",
        "l": "255",
        "t": magic,
        "T": name,
        "s": str(_FS_BLOCK),
        "S": str(_FS_BLOCK),
        "b": str(total),
        "f": str(free),
        "a": str(free),
        "c": str(total),
        "d": str(free),
    }
    template = call.options.get("c")
    if template is not None:
        template += "\n"
    else:
        template = _FS_TERSE if "t" in call.options else _FS_DEFAULT
    return _format(template, fields.get)
