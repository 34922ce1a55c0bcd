"""ar: archives of whole files, in the format that linkers read."""

import re
import stat as st
from dataclasses import dataclass
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.files.paths import last_component
from podlab.mock.programs.options import OptionError, parse
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.timezones import parse_zone

_MAGIC: Final = b"!<arch>\n"
_HEADER: Final = re.compile(rb"(.{16})([\d ]{12})([\d ]{6})([\d ]{6})([0-7 ]{8})([\d ]{10})`\n", re.DOTALL)
_NAME: Final = 15


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive; its time in seconds."""

    name: str
    time: int
    uid: int
    gid: int
    mode: int
    data: bytes


@applet("ar", None)
async def ar(call: Call) -> int:
    """Makes (r), lists (t), prints (p) or unpacks (x)."""
    words = list(call.operands)
    if words and not words[0].startswith("-"):
        words[0] = "-" + words[0]
    try:
        options, operands = parse("voctpxru", {}, words)
    except OptionError as error:
        await call.error(f"ar: {error}\n")
        call.usage()
    modes = [letter for letter in "tpxr" if letter in options]
    if len(modes) != 1 or not operands:
        call.usage()
    path, *names = operands
    verbose = "v" in options
    if modes == ["r"]:
        return await _replace(call, path, names, verbose)
    members = await _read(call, path)
    wanted = [member for member in members if not names or member.name in names]
    for member in wanted:
        await _take(call, member, modes[0], verbose, "o" in options)
    return 0


async def _read(call: Call, path: str) -> list[Member]:
    reader = await call.open_or_die(path)
    data = await reader.read_all()
    reader.close()
    if not data.startswith(_MAGIC):
        call.die("invalid ar magic")
    members, place = [], len(_MAGIC)
    while place + 1 < len(data):
        match = _HEADER.match(data, place)
        if match is None:
            call.die("invalid ar header")
        name, time, uid, gid, mode, size = match.groups()
        start, length = match.end(), int(size)
        shown = to_text(name.rstrip(b" ")).removesuffix("/")
        members.append(Member(shown, _int(time), _int(uid), _int(gid), int(mode, 8), data[start : start + length]))
        place = start + length + length % 2
    return members


def _int(text: bytes) -> int:
    return int(text.strip() or b"0")


async def _take(call: Call, member: Member, mode: str, verbose: bool, keep_time: bool) -> None:
    if verbose:
        await call.out.write_text(_described(call, member))
    elif mode == "t":
        await call.out.write_text(member.name + "\n")
    if mode == "p":
        await call.proc.write(1, member.data)  # past what is buffered, as busybox does it
    elif mode == "x":
        await _unpack(call, member, keep_time)


def _described(call: Call, member: Member) -> str:
    moment = strftime("%b %e %H:%M %Y", local_time(member.time, parse_zone(call.proc.env.get("TZ"))))
    letters = st.filemode(member.mode)[1:]
    return f"{letters} {member.uid}/{member.gid} {len(member.data):6d} {moment} {member.name}\n"


async def _unpack(call: Call, member: Member, keep_time: bool) -> None:
    proc = call.proc
    try:
        fd = await proc.open(member.name, O_WRONLY | O_CREAT | O_EXCL, member.mode & 0o777)
    except OSError as error:
        call.die(f"can't open '{member.name}': {strerror(error.errno or 0)}")
    await proc.write(fd, member.data)
    proc.close(fd)
    proc.chmod(member.name, member.mode & 0o7777)
    if keep_time:
        proc.utime(member.name, member.time * SECOND, member.time * SECOND)


async def _replace(call: Call, path: str, names: list[str], verbose: bool) -> int:
    """Puts files into an archive, behind those of other names; with -v it names the others."""
    proc = call.proc
    members = await _read(call, path) if proc.exists(path) else []
    fresh = []
    for name in names:
        try:
            status = proc.stat(name)
        except OSError as error:
            call.die(f"can't stat '{name}': {strerror(error.errno or 0)}")
        reader = await call.open_or_die(name)
        data = await reader.read_all()
        reader.close()
        short = last_component(name)[:_NAME]
        fresh.append(Member(short, status.mtime_ns // SECOND, status.uid, status.gid, status.mode, data))
    new = {member.name: member for member in fresh}
    kept = [member for member in members if member.name not in new]
    for member in kept if verbose else ():
        await call.out.write_text(_described(call, member))
    fd = await proc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    await proc.write(fd, _MAGIC + b"".join(_packed(member) for member in [*kept, *new.values()]))
    proc.close(fd)
    return 0


def _packed(member: Member) -> bytes:
    head = f"{member.time:<12d}{member.uid:<6d}{member.gid:<6d}{member.mode:<8o}{len(member.data):<10d}`\n"
    return to_bytes(f"{member.name + '/':<16s}{head}") + member.data + b"\n" * (len(member.data) % 2)
