"""hexdump, hd and xxd: bytes of files in hexadecimal."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import unsigned
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


@applet("xxd", "pirg:c:n:s:l:o:", operands=(0, 1))
async def xxd(call: Call) -> int:
    """Dumps, or with -r makes bytes of a dump."""
    get = call.options.get
    name = call.operands[0] if call.operands else "-"
    if "r" in call.options:
        source = await call.open_or_die(name)
    else:
        try:
            source = await call.open(name)
        except OSError as error:
            call.die_of(name, error)
    data = await source.read_all()
    out = call.out
    if "r" in call.options:
        await out.write(_reverted(data, "p" in call.options))
        await out.flush()
        return 0
    start = unsigned(get("s") or "0", base=0)
    data = (
        data[start:] if start != len(data) else data
    )  # all of a file is not skipped: busybox looks whether more than that is there
    if get("l") is not None:
        data = data[: unsigned(get("l") or "0", base=0)]
    plain, name = "p" in call.options, call.operands[0] if call.operands and "i" in call.options else ""
    columns = _number(call, get("c") or ("30" if plain else "12" if "i" in call.options else "16")) or 16
    group = _number(call, get("g") or "2") or columns
    offset = start + _number(call, get("o") or "0")
    await out.write_text(
        _included(name, data, columns) if "i" in call.options and not plain else _dumped(data, offset, columns, group, plain)
    )
    await out.flush()
    return 0


def _dumped(data: bytes, offset: int, columns: int, group: int, plain: bool) -> str:
    lines = []
    for place in range(0, len(data), columns):
        block = data[place : place + columns]
        if plain:
            lines.append(block.hex() + "\n")
            continue
        cells = " ".join(block[i : i + group].hex() for i in range(0, len(block), group))
        width = columns * 2 + -(-columns // group) - 1
        text = "".join(chr(b) if 32 <= b < 127 else "." for b in block)
        lines.append(f"{offset + place:08x}: {cells:<{width}}  {text}\n")
    return "".join(lines)


def _included(name: str, data: bytes, columns: int) -> str:
    rows = [", ".join(f"0x{b:02x}" for b in data[i : i + columns]) for i in range(0, len(data), columns)]
    body = ",\n  ".join(rows)
    variable = "".join(c if c.isalnum() else "_" for c in name)
    if not variable:
        return f"  {body},\n" if rows else ""
    return f"unsigned char {variable}[] = {{\n  {body},\n}};\nunsigned int {variable}_len = {len(data)};\n"


def _reverted(data: bytes, plain: bool) -> bytes:
    """The bytes of a dump, each line's at the place that it names; a wrong character ends a line."""
    out = bytearray()
    for line in data.decode("latin-1").splitlines():
        body = line
        if not plain:
            place, _, body = line.partition(":")
            at = int(place, 16) if _ADDRESS.fullmatch(place) else len(out)
            out += bytes(max(0, at - len(out)))
            body = body.removeprefix(" ").partition("  ")[0]
        out += bytes.fromhex("".join(_PAIRS.match(body)[0].split()))  # type: ignore[index]
    return bytes(out)
