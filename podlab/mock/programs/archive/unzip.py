"""unzip: lists and unpacks archives of the ZIP format, which is Python's `zipfile`, on bytes in memory."""

import fnmatch
import io
import stat as st
import zipfile
import zlib
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.archive.formats import COST_NS
from podlab.mock.programs.archive.source import PIECE
from podlab.mock.programs.archive.taroptions import enter, make_parents
from podlab.mock.programs.options import Options, parse
from podlab.mock.programs.streams import to_text

_SUFFIXES: Final = ("", ".zip", ".ZIP")
_METHODS: Final = {zipfile.ZIP_STORED: "Stored", zipfile.ZIP_DEFLATED: "Defl:N"}
_LIMIT: Final = 256 << 20
"""No more than so many bytes are made of one file."""
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)


@dataclass(slots=True)
class Wish:
    """The archive, what of it to take and what not, and where to."""

    options: Options
    archive: str
    names: list[str]
    excluded: list[str]
    folder: str

    def takes(self, name: str) -> bool:
        """Whether a member is wanted."""
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in self.excluded):
            return False
        return not self.names or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.names)


def _wish(call: Call) -> Wish:
    """Sorts the arguments: -x and -d may stand behind the archive, and all names after -x are excluded."""
    words = list(call.operands)
    options, names, excluded = Options(), list[str](), list[str]()
    while words and (word := words.pop(0)) != "--":
        if not word.startswith("-") or word == "-":
            (excluded if names and "x" in options else names).append(word)
            continue
        apart = word.endswith("d") and word.index("d") == len(word) - 1
        more, _ = parse("d:lnotpqxjvK", None, [word, *(words[:1] if apart else ())])
        options.given += more.given
        del words[: int(apart)]
    if not names:
        call.usage()
    return Wish(options, names[0], names[1:], excluded, options.get("d") or "")


@applet("unzip", None)
async def unzip(call: Call) -> int:
    """Lists (-l), tests (-t), prints (-p) or unpacks."""
    wish = _wish(call)
    options = wish.options
    path, data = await _read(call, wish.archive)
    if not options.any("pt") and ("q" not in options or "v" in options):
        await call.out.write_text(f"Archive:  {path}\n")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGED:
        call.die("short read")
    if options.any("lv"):
        await _list(call, wish, archive.infolist())
        return 0
    if wish.folder:
        if not call.proc.exists(wish.folder):
            call.proc.mkdir(wish.folder, 0o777)
        enter(call, wish.folder)
    unpacker = Unpacker(call, wish, archive)
    for info in archive.infolist():
        if wish.takes(info.filename):
            await unpacker.take(info)
    return 0


async def _read(call: Call, name: str) -> tuple[str, bytes]:
    path = next((name + suffix for suffix in _SUFFIXES if call.proc.exists(name + suffix)), None)
    if path is None:
        call.die(f"can't open {name}[.zip]")
    reader = await call.open(path)
    data = await reader.read_all()
    reader.close()
    return path, data


async def _list(call: Call, wish: Wish, members: list[zipfile.ZipInfo]) -> None:
    write, verbose = call.out.write_text, "v" in wish.options
    if verbose:
        await write(" Length   Method    Size  Cmpr    Date    Time   CRC-32   Name\n")
        await write("--------  ------  ------- ---- ---------- ----- --------  ----\n")
    else:
        await write("  Length      Date    Time    Name\n---------  ---------- -----   ----\n")
    size = packed = 0
    for info in members:
        if not wish.takes(info.filename):
            continue
        year, month, day, hour, minute, _ = info.date_time
        moment = f"{month:02d}-{day:02d}-{year:04d} {hour:02d}:{minute:02d}"
        size, packed = size + info.file_size, packed + info.compress_size
        if verbose:
            method = _METHODS.get(info.compress_type, f"Unk:{info.compress_type:03d}")
            percent = _saved(info.file_size, info.compress_size)
            line = f"{info.file_size:8d}  {method:6s} {info.compress_size:8d} {percent:3d}% {moment} {info.CRC:08x}  "
            await write(f"{line}{info.filename}\n")
        else:
            await write(f"{info.file_size:9d}  {moment}   {info.filename}\n")
    if verbose:
        await write("--------          ------- ----                            ----\n")
        await write(f"{size:8d}         {packed:8d} {_saved(size, packed):3d}%                            {len(members)} files\n")
    else:
        await write(f" --------                     -------\n{size:9d}                     {len(members)} files\n")


def _saved(size: int, packed: int) -> int:
    return (size - packed) * 100 // size if size > packed else 0


class Unpacker:
    """Takes members out; remembers what was answered about files that are there already."""

    def __init__(self, call: Call, wish: Wish, archive: zipfile.ZipFile) -> None:
        self.call = call
        self.options = wish.options
        self.archive = archive
        self.overwrite = "never" if "n" in self.options else "always" if "o" in self.options else "ask"

    async def take(self, info: zipfile.ZipInfo) -> None:
        """Unpacks one member. Dies of what is damaged."""
        call, options = self.call, self.options
        name = info.filename
        if name.endswith("/"):
            if not options.any("jpt"):
                await self._directory(name)
            return
        if options.any("pt"):
            data = await self._content(info)
            if "p" in options:
                await call.out.write(data)
            return
        path = name.rpartition("/")[2] if "j" in options else name.lstrip("/")
        if ".." in path.split("/") or not path:
            call.die(f"name with '..' encountered: '{path}'")
        chosen = await self._choose(path)
        if chosen is None:
            return
        make_parents(call.proc, chosen)
        if "q" not in options:
            await call.out.write_text(f"  inflating: {chosen}\n")
        await self._write(info, chosen)

    async def _content(self, info: zipfile.ZipInfo) -> bytes:
        """A member's content; its memory stays charged."""
        if info.file_size > _LIMIT:
            self.call.die("Out of memory")
        parts: list[bytes] = []
        try:
            with self.archive.open(info) as member:
                while part := member.read(PIECE):
                    parts.append(part)
                    self.call.proc.charge_memory(len(part))
                    await self.call.proc.cpu(len(part) * COST_NS)
        except _DAMAGED as error:
            self.call.die("crc error" if "CRC" in str(error) else "corrupted data")
        return b"".join(parts)

    async def _directory(self, name: str) -> None:
        path = name.strip("/")
        if self.call.proc.exists(path):
            return
        if "q" not in self.options:
            await self.call.out.write_text(f"   creating: {name}\n")
        make_parents(self.call.proc, path + "/x")

    async def _choose(self, path: str) -> str | None:
        """Where to write: the path, another that was asked for, or None for nowhere."""
        call = self.call
        while True:
            try:
                there = call.proc.lstat(path)
            except OSError:
                return path
            if self.overwrite == "never":
                return None
            if not st.S_ISREG(there.mode):
                call.die(f"'{path}' exists but is not a regular file")
            if self.overwrite == "always":
                return path
            answer = await self._ask(f"replace {path}? [y]es, [n]o, [A]ll, [N]one, [r]ename: ")
            if answer[:1] == "r":
                path = await self._ask("new name: ")
                continue
            if answer[:1] in ("A", "N"):
                self.overwrite = "always" if answer[0] == "A" else "never"
            if answer[:1] in ("y", "A"):
                return path
            if answer[:1] in ("n", "N"):
                return None
            await call.out.write_text(f"error: invalid response [{answer[:1]}]\n")

    async def _ask(self, prompt: str) -> str:
        await self.call.out.write_text(prompt)
        await self.call.out.flush()
        line = await self.call.stdin.line()
        if not line:
            self.call.die("can't read standard input")
        return to_text(line.rstrip(b"\n"))

    async def _write(self, info: zipfile.ZipInfo, path: str) -> None:
        proc, data = self.call.proc, await self._content(info)
        await proc.cpu(len(data) * COST_NS)
        mode = info.external_attr >> 16
        if st.S_ISLNK(mode):
            proc.symlink(to_text(data), path)
            return
        fd = await proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, mode & 0o777 if mode else 0o666)
        await proc.write(fd, data)
        proc.close(fd)
