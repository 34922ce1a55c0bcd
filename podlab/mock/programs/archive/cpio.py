"""cpio: archives of the "newc" format, made, listed and unpacked; and trees copied by a list of names."""

import re
import stat as st
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
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
    device: int = 0


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
    return Member(name, found.mode, uid, gid, found.nlink, found.mtime_ns // SECOND, found.ino, data, found.dev)


def _packed(member: Member, size: int) -> bytes:
    name = to_bytes(member.name) + b"\0"
    fields = (
        member.inode & 0xFFFFFFFF, member.mode, member.uid, member.gid, member.nlink, member.time, len(member.data),
        member.device >> 8, member.device & 0xFF, 0, 0, len(name), 0,
    )  # fmt: skip
    head = _MAGIC + b"".join(b"%08X" % field for field in fields) + name
    head += bytes(-(size + len(head)) % 4)
    return head + member.data + bytes(-len(member.data) % 4)


async def _in_order(call: Call, names: list[str], owner: tuple[int, int]) -> AsyncIterator[Member]:
    """The members of an archive: files of several names come last, the last such file first, its content with its last name."""
    linked: dict[int, list[Member]] = {}
    numbers: dict[int, int] = {}
    for name in names:
        try:
            member = await _member(call, name, owner)
        except OSError as error:
            call.die_of(name, error)
        if "\3" in call.options:
            member = replace(member, device=0)
        if "\4" in call.options:
            member = replace(member, inode=numbers.setdefault(member.inode, len(numbers) + 1))
        if member.nlink > 1 and not st.S_ISDIR(member.mode):
            linked.setdefault(member.inode, []).append(member)
        else:
            yield member
    for group in reversed(linked.values()):
        for member in reversed(group[1:]):
            yield replace(member, data=b"")
        yield group[0]


async def _create(call: Call, names: list[str], owner: tuple[int, int]) -> int:
    out, size = call.out, 0
    if (path := call.options.get("F")) is not None:
        out = Writer(call.proc, await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666))
    async for member in _in_order(call, names, owner):
        data = _packed(member, size)
        size += len(data)
        await out.write(data)
    data = _packed(Member(_TRAILER, 0, 0, 0, 0, 0, 0, b""), size)
    await out.write(data)
    await out.flush()
    return 0


async def _pass(call: Call, names: list[str], folder: str, owner: tuple[int, int]) -> int:
    members = []
    for name in names:
        try:
            call.proc.lstat(name)
        except OSError as error:
            await call.warn_of(name, error)
            continue
        members.append(name)
    made = [member async for member in _in_order(call, members, owner)]
    if "d" in call.options:
        make_parents(call.proc, f"{folder}/x")
    enter(call, folder)
    size = sum(len(_packed(member, 0)) for member in made)
    links = _Links()
    for member in made:
        if links.defer(member):
            links.wait(member)
        else:
            await _take(call, member, owner)
    await links.make(call, owner)
    await call.error(f"{-(-(size + _HEADER + len(_TRAILER) + 4) // _BLOCK)} blocks\n")
    return 0


class _Links:
    """Files of several names: all but the last one in an archive come without content, and are made when all has been read."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[Member]] = {}
        self._whole: dict[int, str] = {}

    def defer(self, member: Member) -> bool:
        """Takes note of a member. Returns whether it is to be made later."""
        if member.nlink < 2 or not st.S_ISREG(member.mode):
            return False
        if member.data:
            self._whole[member.inode] = member.name
            return False
        return True

    def wait(self, member: Member) -> None:
        """Makes a member later."""
        self._waiting.setdefault(member.inode, []).append(member)

    async def make(self, call: Call, owner: tuple[int, int]) -> None:
        """Makes those that wait."""
        for inode, members in self._waiting.items():
            target = self._whole.get(inode)
            if target is None:
                await _make(call, members[0], owner)
                target, members = members[0].name, members[1:]
            for member in members:
                try:
                    if "u" in call.options and call.proc.exists(member.name):
                        call.proc.unlink(member.name)
                    call.proc.link(target, member.name)
                except OSError:
                    call.die(f"can't create hardlink '{member.name}' to '{target}'")


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
    links = _Links()
    while True:
        member, place = await _read(call, reader, place)
        if member is None:
            break
        deferred = links.defer(member)
        if call.operands and member.name not in call.operands:
            continue
        if deferred:
            links.wait(member)
        elif "t" in options:
            await call.out.write_text(_listed(call, member) if "v" in options else member.name + "\n")
        else:
            await _take(call, member, owner)
    if not options.any("t\2"):
        await links.make(call, owner)
    if "\1" not in options and place:
        await call.out.flush()
        await call.error(f"{-(-place // _BLOCK)} blocks\n")
    return 0


async def _take(call: Call, member: Member, owner: tuple[int, int]) -> None:
    """Unpacks a member, or prints what it holds."""
    if "v" in call.options:
        await call.out.write_text(member.name + "\n")
    if "\2" in call.options:
        await call.out.write(member.data)
    else:
        await _make(call, member, owner)


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
