"""lsattr, chattr, getfattr, setfattr: attributes of files beyond rights and times."""

import errno
import stat as st
from typing import Final

from podlab.mock.machine.attributes import SYNC_DIRECTORIES
from podlab.mock.machine.errors import strerror, unix_error
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.numbers import UINT_MAX, unsigned
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.shell.trampoline import Call as Deep

FLAGS: Final = {
    "s": (0x1, "Secure_Deletion"), "u": (0x2, "Undelete"), "S": (0x8, "Synchronous_Updates"),
    "D": (0x10000, "Synchronous_Directory_Updates"), "i": (0x10, "Immutable"), "a": (0x20, "Append_Only"), "d": (0x40, "No_Dump"),
    "A": (0x80, "No_Atime"), "c": (0x4, "Compression_Requested"), "E": (0x800, "Encrypted"), "j": (0x4000, "Journaled_Data"),
    "I": (0x1000, "Indexed_directory"), "t": (0x8000, "No_Tailmerging"), "T": (0x20000, "Top_of_Directory_Hierarchies"),
    "e": (0x80000, "Extents"), "C": (0x800000, "No_COW"), "F": (0x40000000, "Casefold"), "N": (0x10000000, "Inline_Data"),
    "P": (0x20000000, "Project_Hierarchy"), "V": (0x100000, "Verity"),
}  # fmt: skip
"""By the letter: the kernel's number, and the long name."""
SHOWN_ONLY: Final = "s"
"""The flag that lsattr shows and chattr does not take."""
SHOWN_KINDS: Final = (st.S_IFREG, st.S_IFLNK, st.S_IFDIR)
ENTRY_COST_NS: Final = 5_000


async def _opened(call: Call, path: str) -> bool:
    """Whether a file can be opened, as flags are asked of an open file; says why not. A link is not followed."""
    try:
        if st.S_ISLNK(call.proc.lstat(path).mode):
            raise unix_error(errno.ELOOP)
        call.proc.access(path, 4)
    except OSError as error:
        await call.warn(f"can't open '{path}': {strerror(error.errno or 0)}")
        return False
    return True


# --- lsattr ---


@applet("lsattr", "Radlvp", ignores_output_errors=True)
async def lsattr(call: Call) -> int:
    """Lists the flags of files, and of what is in directories."""
    for path in call.operands or ["."]:
        try:
            mode = call.proc.lstat(path).mode
        except OSError as error:
            await call.warn_of(f"can't stat '{path}'", error)
            continue
        if st.S_ISDIR(mode) and "d" not in call.options:
            await _list_directory(call, path)
        else:
            await _list(call, path)
    return 0


async def _list_directory(call: Call, directory: str) -> None:
    try:
        names = call.proc.listdir(directory)
    except OSError as error:
        await call.warn_of(f"can't open '{directory}'", error)
        return
    for name in [".", "..", *names]:
        await call.proc.cpu(ENTRY_COST_NS)
        path = join(directory, name)
        if name.startswith(".") and "a" not in call.options:
            continue
        try:
            mode = call.proc.lstat(path).mode
        except OSError as error:
            await call.warn_of(f"can't stat '{path}'", error)
            continue
        if st.S_IFMT(mode) in SHOWN_KINDS:
            await _list(call, path)
        if st.S_ISDIR(mode) and "R" in call.options and name not in (".", ".."):
            await call.out.write_text(f"\n{path}:\n")
            await Deep(_list_directory(call, path))
            await call.out.write(b"\n")


async def _list(call: Call, path: str) -> None:
    if not await _opened(call, path):
        return
    proc, text = call.proc, ""
    try:
        if "p" in call.options:
            text += f"{proc.get_project(path):5d} "
        if "v" in call.options:
            text += f"{proc.get_version(path):<10d} "
        flags = proc.get_flags(path)
    except OSError as error:
        await call.out.write_text(text)
        await call.warn_of(f"reading {path}", error)
        return
    if "l" in call.options:
        words = ", ".join(name for bit, name in FLAGS.values() if flags & bit) or "---"
        await call.out.write_text(f"{text}{path:<28} {words}\n")
    else:
        letters = "".join(letter if flags & bit else "-" for letter, (bit, _) in FLAGS.items())
        await call.out.write_text(f"{text}{letters} {path}\n")


# --- chattr ---


class Change:
    """What chattr is to do: flags to add, to take away, or to set; a version and a project."""

    def __init__(self) -> None:
        self.added = self.removed = 0
        self.signs = ""
        self.version: int | None = None
        self.project: int | None = None
        self.recursive = False

    def read(self, call: Call, words: list[str]) -> list[str]:
        """Reads the words that begin with a sign. Returns the others, of which there is at least one."""
        words = list(words)
        while words and words[0][:1] in ("-", "+", "="):
            word = words.pop(0)
            sign, letters = word[0], word[1:]
            if sign != "-":
                self.signs += sign
            for letter in letters:
                if sign == "-" and self._option(call, letter, words):
                    continue
                if letter not in FLAGS or letter == SHOWN_ONLY:
                    call.usage()
                if sign == "-":
                    self.signs += "-"
                    self.removed |= FLAGS[letter][0]
                else:
                    self.added |= FLAGS[letter][0]
        if not words:
            call.usage()
        return words

    def _option(self, call: Call, letter: str, words: list[str]) -> bool:
        """A letter after a minus that is no flag."""
        if letter in "vp":
            if not words:
                call.usage()
            number = unsigned(words.pop(0), 0, UINT_MAX)
            if letter == "v":
                self.version = number
            else:
                self.project = number
        elif letter == "R":
            self.recursive = True
        return letter in "RVfvp"

    def check(self, call: Call) -> None:
        """Dies of what contradicts itself."""
        if "=" in self.signs and ("+" in self.signs or "-" in self.signs):
            call.die("= is incompatible with - and +")
        if self.added & self.removed:
            call.die("can't set and unset a flag")
        if not self.signs and self.version is None and self.project is None:
            call.die("must use -v, -p, =, - or +")


@applet("chattr", None)
async def chattr(call: Call) -> int:
    """Changes the flags of files."""
    change = Change()
    files = change.read(call, call.operands)
    change.check(call)
    for path in files:
        await _change(call, path, change)
    return 0


async def _change(call: Call, path: str, change: Change) -> None:
    await call.proc.cpu(ENTRY_COST_NS)
    try:
        mode = call.proc.lstat(path).mode
    except OSError as error:
        await call.warn_of(f"can't stat '{path}'", error)
        return
    if st.S_IFMT(mode) not in SHOWN_KINDS:
        return
    if await _opened(call, path):
        await _set(call, path, change, st.S_ISDIR(mode))
    if change.recursive and st.S_ISDIR(mode):
        for name in call.proc.listdir(path):
            await Deep(_change(call, join(path, name), change))


async def _set(call: Call, path: str, change: Change, directory: bool) -> None:
    proc = call.proc
    if change.version is not None:
        await call.warn(f"setting version on {path}: {strerror(errno.ENOTTY)}")
    if change.project is not None:
        try:
            proc.set_project(path, change.project)
        except OSError as error:
            await call.warn_of(f"{'getting' if error.errno == errno.ENOTTY else 'setting'} project ID on {path}", error)
    try:
        flags = change.added
        if "=" not in change.signs:
            flags |= proc.get_flags(path) & ~change.removed
            if not directory:
                flags &= ~SYNC_DIRECTORIES
    except OSError as error:
        await call.warn_of(f"getting flags on {path}", error)
        return
    try:
        proc.set_flags(path, flags)
    except OSError as error:
        await call.warn_of(f"setting flags on {path}", error)


# --- extended attributes ---


@applet("getfattr", "hdn:", operands=(1, None))
async def getfattr(call: Call) -> int:
    """Shows attributes."""
    options, out, status = call.options, call.out, 0
    if "d" in options and "n" in options:
        call.usage()
    name, follow = options.get("n"), "h" not in options
    for path in call.operands:
        try:
            names = call.proc.listxattr(path, follow) if name is None else [name]
            if names:
                await out.write_text(f"# file: {path}\n")
            for each in names:
                value = call.proc.getxattr(path, each, follow)
                await out.write_text(f'{each}="{to_text(value.partition(bytes(1))[0])}"\n')
            if names:
                await out.write(b"\n")
        except OSError as error:
            await call.warn_of(path, error)
            status = 1
    return status


@applet("setfattr", "hx:n:v:", operands=(1, None))
async def setfattr(call: Call) -> int:
    """Sets or removes an attribute."""
    options, status = call.options, 0
    removed, name = options.get("x"), options.get("n")
    if (removed is None) == (name is None) or (removed is not None and "v" in options):
        call.usage()
    for path in call.operands:
        try:
            if name is None:
                call.proc.removexattr(path, removed or "", "h" not in options)
            else:
                call.proc.setxattr(path, name, to_bytes(options.get("v") or ""), "h" not in options)
        except OSError as error:
            await call.warn_of(path, error)
            status = 1
    return status
