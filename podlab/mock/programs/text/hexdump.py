"""hexdump and hd: bytes of files in hexadecimal."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.text.dumpformats import Dumper, Format, parse_format
from podlab.mock.programs.text.od import ESCAPES

_ADDRESS: Final = re.compile(r"\s*[0-9a-fA-F]+")
_PAIRS: Final = re.compile(r"(?: *[0-9a-fA-F] *[0-9a-fA-F])*")


def _number(call: Call, text: str) -> int:
    factor = {"b": 512, "k": 1024, "m": 1 << 20}.get(text[-1:], 1)
    try:
        return int(text[:-1] if factor > 1 else text, 0) * factor
    except ValueError:
        call.die(f"invalid number '{text}'")


async def _data(call: Call) -> tuple[bytes, int]:
    """All input, one file after another (what these print depends on the whole only in its repeated lines)."""
    parts, code = [], 0
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        parts.append(await reader.read_all())
        reader.close()
    return b"".join(parts), code


@applet("hexdump hd", "bcdoxCe:*f:n:s:v")
async def hexdump(call: Call) -> int:
    """Dumps in one of the fixed forms."""
    kinds = [letter for letter, _ in call.options.given if letter in "bcdoxC"] or (["C"] if call.name == "hd" else ["_"])
    start = _number(call, call.options.get("s") or "0")
    most = _number(call, call.options.get("n") or "0") if "n" in call.options else None
    data, code = await _data(call)
    data = data[start:][:most]
    await call.proc.cpu(len(data) * 50)
    if formats := await _formats(call):
        await _dump(call, Dumper(formats), start, data)
        return code
    last, starred = b"", False
    for place in range(0, len(data), 16):
        block = data[place : place + 16]
        if block == last and "v" not in call.options:
            if not starred:
                await call.out.write(b"*\n")
            starred = True
            continue
        last, starred = block, False
        for kind in kinds:
            await call.out.write_text(_line(kind, start + place, block))
    if data:
        await call.out.write_text(f"{start + len(data):0{8 if kinds[-1] == 'C' else 7}x}\n")
    return code


async def _formats(call: Call) -> list[Format]:
    """The formats that -e and -f give."""
    formats = []
    for letter, argument in call.options.given:
        if letter == "e":
            formats.append(parse_format(argument))
        elif letter == "f":
            reader = await call.open_or_die(argument)
            while line := await reader.line():
                text = to_text(line).strip()
                if text and not text.startswith("#"):
                    formats.append(parse_format(text))
            reader.close()
    return formats


async def _dump(call: Call, dumper: Dumper, start: int, data: bytes) -> None:
    last, starred = b"", False
    for place in range(0, len(data), dumper.block) if dumper.block else ():
        block = data[place : place + dumper.block]
        if block == last and "v" not in call.options:
            if not starred:
                await call.out.write(b"*\n")
            starred = True
            continue
        last, starred = block, False
        await call.out.write(dumper.line(start + place, block))
    await call.out.write(dumper.end(start + len(data)))


def _line(kind: str, address: int, block: bytes) -> str:
    if kind == "C":
        halves = [" ".join(f"{b:02x}" for b in block[i : i + 8]) for i in (0, 8)]
        text = "".join(chr(b) if 32 <= b < 127 else "." for b in block)
        return f"{address:08x}  {halves[0]:<23}  {halves[1]:<23}  |{text}|\n"
    if kind in "bc":
        cells = (
            f"{b:03o}" if kind == "b" else (ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"{b:03o}")).rjust(3) for b in block
        )
        return f"{address:07x}" + "".join(f" {cell}" for cell in cells) + "    " * (16 - len(block)) + "\n"
    padded = block + bytes(len(block) % 2)
    words = [int.from_bytes(padded[i : i + 2], "little") for i in range(0, len(padded), 2)]
    form = {"d": "   {:05d}", "o": "  {:06o}", "x": "    {:04x}", "_": " {:04x}"}[kind]
    blank = " " * len(form.format(0))
    return f"{address:07x}" + "".join(form.format(word) for word in words) + blank * (8 - len(words)) + "\n"
