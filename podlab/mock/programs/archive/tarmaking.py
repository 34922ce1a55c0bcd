"""tar -c: files put into an archive, header by header and piece by piece."""

import re
import stat as st
import tarfile
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.files import Stat
from podlab.mock.programs.applet import Call
from podlab.mock.programs.archive.formats import KINDS, Packing
from podlab.mock.programs.archive.members import BLOCK
from podlab.mock.programs.archive.source import Source
from podlab.mock.programs.archive.taroptions import NO_RECURSION, Wish, enter
from podlab.mock.programs.files.paths import join
from podlab.mock.programs.streams import Reader, Writer
from podlab.mock.programs.users import Accounts, read_accounts
from podlab.mock.shell.trampoline import Call as Deep

TYPES: Final = {
    st.S_IFREG: tarfile.REGTYPE, st.S_IFDIR: tarfile.DIRTYPE, st.S_IFLNK: tarfile.SYMTYPE, st.S_IFIFO: tarfile.FIFOTYPE,
    st.S_IFCHR: tarfile.CHRTYPE, st.S_IFBLK: tarfile.BLKTYPE,
}  # fmt: skip
_UNSAFE: Final = re.compile(r"/+|(?:.*/)?\.\./")
_LEVEL: Final = 6


class Sink:
    """Where an archive goes to, compressed or not."""

    def __init__(self, out: Writer, packing: Packing | None) -> None:
        self._out = out
        self._packing = packing

    async def write(self, data: bytes) -> None:
        """Takes a piece. Raises OSError."""
        await self._out.write(data if self._packing is None else await self._packing.take(data))

    async def end(self) -> None:
        """Ends the archive: two blocks of nothing. Raises OSError."""
        await self.write(bytes(2 * BLOCK))
        if self._packing is not None:
            await self._out.write(await self._packing.end())
        await self._out.flush()


class Maker:
    """Adds files to an archive.

    Attributes:
        code: 1 once something could not be added.
    """

    def __init__(self, call: Call, wish: Wish, accounts: Accounts, sink: Sink, own: tuple[int, int] | None) -> None:
        self.call = call
        self.wish = wish
        self.accounts = accounts
        self.sink = sink
        self.code = 0
        self._own = own
        self._links: dict[tuple[int, int], str] = {}
        self._told: set[str] = set()

    async def add(self, path: str) -> None:
        """Adds a file, or a directory and what is below it."""
        call, proc = self.call, self.call.proc
        if self.wish.excludes(path):
            return
        try:
            found = proc.stat(path) if "h" in self.wish.flags else proc.lstat(path)
            if (found.dev, found.ino) == self._own:
                await call.warn(f"{path}: file is the archive; skipping")
                return
            info = await self._header(path, found)
            reader = await call.open(path) if info.isreg() else None
            names = proc.listdir(path) if info.isdir() and NO_RECURSION not in self.wish.flags else []
        except OSError as error:
            await call.warn_of(path, error)
            self.code = 1
            return
        if info.name.strip("/"):
            if "v" in self.wish.flags:
                shown = info.name + ("/" if info.isdir() else "") + "\n"
                await (call.out.write_text if self.wish.file != "-" else call.error)(shown)
            await self.sink.write(info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape"))
        if reader is not None:
            await self._content(reader, info.size)
        for name in names:
            await Deep(self.add(join(path, name)))

    async def _header(self, path: str, found: Stat) -> tarfile.TarInfo:
        proc = self.call.proc
        info = tarfile.TarInfo(await self._safe(path))
        info.type = TYPES.get(st.S_IFMT(found.mode), tarfile.REGTYPE)
        info.mode, info.uid, info.gid, info.mtime = found.mode & 0o7777, found.uid, found.gid, found.mtime_ns // 10**9
        info.uname = self.accounts.known_user(found.uid) or ""
        info.gname = self.accounts.known_group(found.gid) or ""
        known = self._links.setdefault((found.dev, found.ino), info.name) if found.nlink > 1 and not info.isdir() else info.name
        if info.type == tarfile.SYMTYPE:
            info.linkname = proc.readlink(path)
        elif known != info.name:
            info.type, info.linkname = tarfile.LNKTYPE, known
        elif info.type in (tarfile.CHRTYPE, tarfile.BLKTYPE):
            info.devmajor, info.devminor = found.rdev
        elif info.type == tarfile.REGTYPE:
            info.size = found.size
        return info

    async def _content(self, reader: Reader, size: int) -> None:
        """Adds what a file holds: as much as the header says, whatever became of the file meanwhile."""
        source = Source(self.call.proc, reader.read)
        left = size
        while left and (part := await source.at_most(left)):
            left -= len(part)
            await self.sink.write(part)
        reader.close()
        if left:
            self.call.die("short read")
        await self.sink.write(bytes(-size % BLOCK))

    async def _safe(self, path: str) -> str:
        """A member's name: without what would lead it out of where it is unpacked, of which is told once."""
        match = _UNSAFE.match(path)
        if match is None or not match[0]:
            return path
        if match[0] not in self._told:
            self._told.add(match[0])
            await self.call.warn(f"removing leading '{match[0]}' from member names")
        return path[match.end() :]


async def create(call: Call, wish: Wish) -> int:
    """Makes the archive."""
    if not wish.names:
        call.die("empty archive")
    if wish.packing and KINDS[wish.packing].pack is None:
        call.usage()
    out, own = call.out, None
    if wish.file != "-":
        try:
            out = Writer(call.proc, await call.proc.open(wish.file, O_WRONLY | O_CREAT | O_TRUNC, 0o666))
        except OSError as error:
            call.die(f"can't open '{wish.file}': {strerror(error.errno or 0)}")
        status = call.proc.fstat(out.fd)
        own = (status.dev, status.ino)
    if wish.folder:
        enter(call, wish.folder)
    sink = Sink(out, Packing(call.proc, KINDS[wish.packing], _LEVEL) if wish.packing else None)
    maker = Maker(call, wish, await read_accounts(call.proc), sink, own)
    for name in wish.names:
        await maker.add(name)
    await sink.end()
    if maker.code:
        await call.warn("error exit delayed from previous errors")
    return maker.code
