"""base64, base32: bytes as text and back."""

import base64

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.streams import Reader

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PAD = ord("=")
_BLANKS = b" \t\n\v\f\r\0"
PIECE = 3840
"""Whole groups of either notation."""
COST_NS = 5


@applet("base64 base32", "diw:", operands=(0, 1))
async def encode(call: Call) -> int:
    """Encodes, or with -d decodes."""
    wrap = unsigned(call.options.get("w", "76"), 0, INT_MAX)
    name = call.operands[0] if call.operands else "-"
    try:
        reader = await call.open(name)
    except OSError as error:
        call.die_of(name, error)
    wide = call.name == "base64"
    if "d" in call.options:
        return await _decode(call, reader, wide)
    code, line = base64.b64encode if wide else base64.b32encode, b""
    while data := await reader.read_exactly(PIECE):
        await call.proc.cpu(len(data) * COST_NS)
        line += code(data)
        whole = len(line) - len(line) % wrap if wrap else len(line)
        for place in range(0, whole, wrap or whole):
            await call.out.write(line[place : place + (wrap or whole)] + b"\n" * bool(wrap))
        line = line[whole:]
    await call.out.write(line + b"\n" * bool(line))
    _check(call, reader)
    return 0


async def _decode(call: Call, reader: Reader, wide: bool) -> int:
    """Decodes group by group, passing over other characters, up to the first padded group; what does not fill one is an error."""
    letters, size = (_BASE64, 4) if wide else (_BASE32, 8)
    others = bytes(byte for byte in range(256) if byte not in letters)
    group = bytearray()
    padded = False
    while data := await reader.read():
        await call.proc.cpu(len(data) * COST_NS)
        data = data if wide else data.upper()
        if not padded and PAD not in data and PAD not in group:
            group += data.translate(None, others)
            whole = len(group) - len(group) % size
            await call.out.write((base64.b64decode if wide else base64.b32decode)(bytes(group[:whole])))
            del group[:whole]
            continue
        for byte in data:
            if padded and byte not in _BLANKS:
                call.die("truncated input")
            if (byte in letters and PAD not in group) or (byte == PAD and group):
                group.append(byte)
            elif byte in letters:
                call.die("truncated input")
            if len(group) == size:
                await call.out.write(_bytes_of(call, bytes(group)))
                padded = PAD in group
                group.clear()
    _check(call, reader)
    if group:
        call.die("truncated input")
    return 0


def _check(call: Call, reader: Reader) -> None:
    """Dies when the input could not be read to its end."""
    if reader.error is not None:
        call.die_of("read error", reader.error)


def _bytes_of(call: Call, group: bytes) -> bytes:
    """What a group stands for; the bits of a letter that make no whole byte are dropped, but one letter alone is an error."""
    letters = group.rstrip(b"=")
    count = len(letters) * (6 if len(group) == len(b"AAAA") else 5) // 8
    if not count:
        call.die("truncated input")
    zeros = letters.ljust(len(group), b"A")
    return (base64.b64decode(zeros) if len(group) == len(b"AAAA") else base64.b32decode(zeros))[:count]
