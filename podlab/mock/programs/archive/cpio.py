"""cpio: archives of the "newc" format, made, listed and unpacked; and trees copied by a list of names."""

import re
import stat as st
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.archive.taroptions import enter, make_parents
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.files.owners import parse_owner
from podlab.mock.programs.streams import Reader, Writer, to_bytes, to_text
from podlab.mock.programs.timezones import parse_zone
from podlab.mock.programs.users import read_accounts

_MAGIC: Final = b"070701"
_HEADER: Final = 110
_TRAILER: Final = "TRAILER!!!"
_BLOCK: Final = 512
_FIELD: Final = re.compile(rb"[0-9A-Fa-f]{104}")
_LONG: Final = {
    "extract": "i", "list": "t", "create": "o", "format": "H", "owner": "R", "verbose": "v", "null": "0", "quiet": "\1",
    "to-stdout": "\2", "pass-through": "p", "ignore-devno": "\3", "renumber-inodes": "\4",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; its time in seconds."""

    name: str
    mode: int
    uid: int
    gid: int
    nlink: int
    time: int
    inode: int
    data: bytes


@applet("cpio", "it0uvdmLF:R:oH:p\1\2\3\4", long_options=_LONG)
async def cpio(call: Call) -> int:
    """Unpacks (-i), lists (-t), makes (-o) or copies (-p)."""
    options = call.options
    owner = parse_owner(options.get("R") or "", await read_accounts(call.proc)) if "R" in options else (-1, -1)
    if "o" in options:
        if options.get("H") != "newc":
            call.usage()
        return await _create(call, await _names(call), owner)
    if "p" in options:
        if len(call.operands) != 1:
            call.usage()
        return await _pass(call, await _names(call), call.operands[0], owner)
    if not options.any("it"):
        call.usage()
    return await _extract(call, owner)


async def _names(call: Call) -> list[str]:
    end = b"\0" if "0" in call.options else b"\n"
    found = []
    while line := await call.stdin.line(end):
        if name := to_text(line.removesuffix(end)):
            found.append(name)
    return found


async def _member(call: Call, path: str, owner: tuple[int, int]) -> Member:
    proc = call.proc
    found = proc.stat(path) if "L" in call.options else proc.lstat(path)
    data = b""
    if st.S_ISLNK(found.mode):
        data = to_bytes(proc.readlink(path))
    elif st.S_ISREG(found.mode):
        reader = await call.open(path)
        data = await reader.read_all()
        reader.close()
    uid, gid = (given if given >= 0 else own for given, own in zip(owner, (found.uid, found.gid), strict=True))
    name = path.removeprefix("./") if path != "./" else path
    return Member(name, found.mode, uid, gid, found.nlink, found.mtime_ns // SECOND, found.ino, data)


def _packed(member: Member, size: int) -> bytes:
    name = to_bytes(member.name) + b"\0"
    fields = (
        member.inode & 0xFFFFFFFF, member.mode, member.uid, member.gid, member.nlink, member.time, len(member.data), 0, 0, 0, 0,
        len(name), 0,
    )  # fmt: skip
    head = _MAGIC + b"".join(b"%08X" % field for field in fields) + name
    head += bytes(-(size + len(head)) % 4)
    return head + member.data + bytes(-len(member.data) % 4)


async def _create(call: Call, names: list[str], owner: tuple[int, int]) -> int:
    out, size = call.out, 0
    if (path := call.options.get("F")) is not None:
        out = Writer(call.proc, await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666))
    for name in names:
        try:
            member = await _member(call, name, owner)
        except OSError as error:
            call.die_of(name, error)
        data = _packed(member, size)
        size += len(data)
        await out.write(data)
    data = _packed(Member(_TRAILER, 0, 0, 0, 1, 0, 0, b""), size)
    await out.write(data)
    await out.flush()
    return 0


async def _pass(call: Call, names: list[str], folder: str, owner: tuple[int, int]) -> int:
    members = []
    for name in names:
        try:
            members.append(await _member(call, name, owner))
        except OSError as error:
            await call.warn_of(name, error)
    enter(call, folder)
    size = sum(len(_packed(member, 0)) for member in members)
    for member in members:
        await _make(call, member, owner)
    await call.error(f"{-(-(size + _HEADER + len(_TRAILER) + 4) // _BLOCK)} blocks\n")
    return 0


async def _read(call: Call, reader: Reader, place: int) -> tuple[Member | None, int]:
    """The next member, and the place behind it; None at the end."""
    head = await reader.read_exactly(_HEADER)
    if not head and not place:
        return None, 0
    if len(head) < _HEADER:
        call.die("short read")
    if head[:6] not in (_MAGIC, b"070702") or not _FIELD.fullmatch(head[6:]):
        call.die("unsupported cpio format, use newc or crc")
    inode, mode, uid, gid, nlink, time, size, *_, length, _check = (int(head[at : at + 8], 16) for at in range(6, _HEADER, 8))
    name = to_text((await reader.read_exactly(length)).rstrip(b"\0"))
    place += _HEADER + length
    place += len(await reader.read_exactly(-place % 4))
    if name == _TRAILER:
        return None, place
    data = await reader.read_exactly(size)
    if len(data) < size:
        call.die("short read")
    place += size
    place += len(await reader.read_exactly(-place % 4))
    return Member(name, mode, uid, gid, nlink, time, inode, data), place


async def _extract(call: Call, owner: tuple[int, int]) -> int:
    options, place = call.options, 0
    reader = await call.open_or_die(options.get("F") or "-")
    linked: dict[int, str] = {}
    while True:
        member, place = await _read(call, reader, place)
        if member is None:
            break
        if call.operands and member.name not in call.operands:
            continue
        if "t" in options:
            await call.out.write_text(_listed(call, member) if "v" in options else member.name + "\n")
            continue
        if "v" in options:
            await call.out.write_text(member.name + "\n")
        if "\2" in options:
            await call.out.write(member.data)
        elif member.nlink > 1 and st.S_ISREG(member.mode) and member.inode in linked and not member.data:
            call.proc.link(linked[member.inode], member.name)
        else:
            await _make(call, member, owner)
            linked.setdefault(member.inode, member.name)
    if "\1" not in options and place:
        await call.out.flush()
        await call.error(f"{-(-place // _BLOCK)} blocks\n")
    return 0


def _listed(call: Call, member: Member) -> str:
    moment = strftime("%Y-%m-%d %H:%M:%S", local_time(member.time, parse_zone(call.proc.env.get("TZ"))))
    size = 0 if st.S_ISLNK(member.mode) else len(member.data)
    link = f" -> {to_text(member.data)}" if st.S_ISLNK(member.mode) else ""
    return f"{st.filemode(member.mode)} {member.uid}/{member.gid} {size:9d} {moment} {member.name}{link}\n"


async def _make(call: Call, member: Member, owner: tuple[int, int]) -> None:
    """Makes a file, unless one that is as new is there already."""
    proc, path = call.proc, member.name.lstrip("/")
    if "d" in call.options:
        make_parents(proc, path)
    if st.S_ISDIR(member.mode):
        if not proc.exists(path):
            try:
                proc.mkdir(path, member.mode & 0o7777)
            except OSError as error:
                call.die(f"can't make dir {path}: {strerror(error.errno or 0)}")
    elif not await _cleared(call, member, path):
        return
    else:
        await _put(call, member, path)
    if proc.uid == 0:
        uid, gid = (given if given >= 0 else own for given, own in zip(owner, (member.uid, member.gid), strict=True))
        proc.chown(path, uid, gid, follow=False)
    if not st.S_ISLNK(member.mode):
        proc.chmod(path, member.mode & 0o7777)
        if "m" in call.options:
            proc.utime(path, member.time * SECOND, member.time * SECOND)


async def _cleared(call: Call, member: Member, path: str) -> bool:
    """Takes away what is in a new file's place. False when that is to stay."""
    try:
        there = call.proc.lstat(path)
    except OSError:
        return True
    if "u" not in call.options and there.mtime_ns // SECOND >= member.time:
        await call.warn(f"{path} not created: newer or same age file exists")
        return False
    try:
        call.proc.unlink(path)
    except OSError as error:
        call.die(f"can't remove old file {path}: {strerror(error.errno or 0)}")
    return True


async def _put(call: Call, member: Member, path: str) -> None:
    proc = call.proc
    try:
        if st.S_ISLNK(member.mode):
            proc.symlink(to_text(member.data), path)
        elif st.S_ISFIFO(member.mode):
            proc.mkfifo(path)
        else:
            fd = await proc.open(path, O_WRONLY | O_CREAT | O_EXCL, member.mode & 0o777)
            await proc.write(fd, member.data)
            proc.close(fd)
    except OSError as error:
        what = f"can't create symlink '{path}' to '{to_text(member.data)}'" if st.S_ISLNK(member.mode) else f"can't open '{path}'"
        call.die(f"{what}: {strerror(error.errno or 0)}")
