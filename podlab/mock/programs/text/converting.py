"""dos2unix, unix2dos, uuencode, uudecode: files in another notation."""

import base64
import binascii
import stat as st
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.streams import Reader, to_bytes, to_text
from podlab.mock.programs.timezones import parse_zone

_LINE: Final = 45
"""How many bytes stand in a line of either notation."""


@applet("dos2unix unix2dos", "du")
async def dos2unix(call: Call) -> int:
    """Takes carriage returns before newlines away, or puts them there; in files themselves when there are any."""
    options = call.options
    if "d" in options and "u" in options:
        call.usage()
    to_unix = "u" in options or (call.name == "dos2unix" and "d" not in options)
    for name in call.operands:
        await _convert_file(call, name, to_unix)
    if not call.operands:
        await call.out.write(_convert(await call.stdin.read_all(), to_unix))
    return 0


def _convert(data: bytes, to_unix: bool) -> bytes:
    """Without any carriage return, as busybox does it, or with one before each newline."""
    bare = data.replace(b"\r", b"")
    return bare if to_unix else bare.replace(b"\n", b"\r\n")


async def _convert_file(call: Call, name: str, to_unix: bool) -> None:
    reader = await call.open_or_die(name)
    data = _convert(await reader.read_all(), to_unix)
    reader.close()
    path = call.proc.realpath(name)
    mode = call.proc.stat(path).mode & 0o7777
    fresh = f"{path}XXXXXX"
    fd = await call.proc.open(fresh, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    await call.proc.write(fd, data)
    call.proc.close(fd)
    call.proc.chmod(fresh, mode)
    call.proc.rename(fresh, path)


@applet("uuencode", "m", operands=(1, 2))
async def uuencode(call: Call) -> int:
    """Writes a file as text."""
    mode = 0o666 & ~call.proc.umask
    reader = call.stdin
    if len(call.operands) == 2:
        reader = await call.open_or_die(call.operands[0])
        mode = st.S_IMODE(call.proc.fstat(reader.fd).mode)
    in_base64 = "m" in call.options
    await call.out.write_text(f"begin{'-base64' if in_base64 else ''} {mode & 0o777:o} {call.operands[-1]}\n")
    while data := await reader.read_exactly(_LINE):
        await call.out.write(base64.b64encode(data) + b"\n" if in_base64 else binascii.b2a_uu(data, backtick=True))
    await call.out.write(b"====\n" if in_base64 else b"`\nend\n")
    return 0


@applet("uudecode", "o:", operands=(0, 1))
async def uudecode(call: Call) -> int:
    """Makes the file that a text holds."""
    name = call.operands[0] if call.operands else "-"
    try:
        reader = await call.open(name)
    except OSError as error:
        call.die_of(name, error)
    while line := await reader.line():
        in_base64 = line.startswith(b"begin-base64 ")
        if not in_base64 and not line.startswith(b"begin "):
            continue
        words = to_text(line.strip()).split(" ", 2)
        if len(words) < 3 or not words[2]:
            break
        data = await (_read_base64 if in_base64 else _read_uu)(call, reader)
        await _write_decoded(call, call.options.get("o") or words[2], int(words[1], 8), data)
        return 0
    raise Die("no 'begin' line")


async def _write_decoded(call: Call, name: str, mode: int, data: bytes) -> None:
    if name in ("-", "/dev/stdout"):
        await call.out.write(data)
        return
    try:
        fd = await call.proc.open(name, O_WRONLY | O_CREAT | O_TRUNC, 0o666)
    except OSError as error:
        call.die(f"can't open '{name}': {strerror(error.errno or 0)}")
    call.proc.chmod(name, mode)
    await call.proc.write(fd, data)
    call.proc.close(fd)


async def _read_uu(call: Call, reader: Reader) -> bytes:
    data = bytearray()
    while line := await reader.line():
        if line.rstrip(b"\r\n") == b"end":
            return bytes(data)
        text = line.rstrip(b"\r\n")
        if text in (b"", b"`", b" "):
            continue
        try:
            data += binascii.a2b_uu(text)
        except binascii.Error:
            call.die("illegal line length" if len(text) < 2 else "short file")
    raise Die("short file")


async def _read_base64(call: Call, reader: Reader) -> bytes:
    text = bytearray()
    while line := await reader.line():
        if line.startswith(b"===="):
            return base64.b64decode(bytes(text))
        text += line.strip()
    raise Die("short file")


@applet("ts", "is", operands=(0, 1))
async def ts(call: Call) -> int:
    """Puts the time before each line."""
    kernel = call.proc.kernel
    relative = call.options.any("is")
    form = call.operands[0] if call.operands else ("%b %d %H:%M:%S" if not relative else "%H:%M:%S")
    base = kernel.wall_ns
    zone = parse_zone("UTC0" if relative else call.proc.env.get("TZ"))
    while line := await call.stdin.line():
        now = kernel.wall_ns
        moment = local_time((now - base if relative else now) // SECOND, zone)
        if "i" in call.options:
            base = now
        await call.out.write(to_bytes(strftime(form, moment)) + b" " + line)
        await call.out.flush()
    return 0
