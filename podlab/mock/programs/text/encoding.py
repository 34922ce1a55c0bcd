"""base64, base32: bytes as text and back."""

import base64

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned

_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_BASE32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PAD = ord("=")


@applet("base64 base32", "diw:", operands=(0, 1))
async def encode(call: Call) -> int:
    """Encodes, or with -d decodes."""
    wrap = unsigned(call.options.get("w") or "76", 0, INT_MAX)
    name = call.operands[0] if call.operands else "-"
    try:
        reader = await call.open(name)
    except OSError as error:
        call.die_of(name, error)
    data = await reader.read_all()
    await call.proc.cpu(len(data) * 5)
    wide = call.name == "base64"
    if "d" in call.options:
        return await _decode(call, data if wide else data.upper(), _BASE64 if wide else _BASE32, 4 if wide else 8)
    text = base64.b64encode(data) if wide else base64.b32encode(data)
    lines = [text[i : i + wrap] for i in range(0, len(text), wrap)] if wrap else [text] if text else []
    for line in lines:
        await call.out.write(line + (b"\n" if wrap else b""))
    return 0


async def _decode(call: Call, data: bytes, letters: bytes, size: int) -> int:
    """Decodes group by group, passing over other characters, up to the first padded group; what does not fill one is an error."""
    group = bytearray()
    for place, byte in enumerate(data):
        if (byte in letters and b"=" not in group) or (byte == PAD and group):
            group.append(byte)
        elif byte in letters:
            break
        if len(group) == size:
            await call.out.write(base64.b64decode(group) if size == len(b"AAAA") else base64.b32decode(group))
            padded = PAD in group
            group.clear()
            if padded:
                group += bytes(byte for byte in data[place + 1 :] if byte in letters)[:1]
                break
    if group:
        call.die("truncated input")
    return 0
