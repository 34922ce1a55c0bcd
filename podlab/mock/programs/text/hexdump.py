"""hexdump and hd: bytes of files in hexadecimal."""

import re
import stat as st
from collections.abc import AsyncIterator
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import BKM, INT_MAX, LLONG_MAX, unsigned
from podlab.mock.programs.streams import BLOCK, LONG, Reader, to_text
from podlab.mock.programs.text.dumpformats import Dumper, Format, parse_format
from podlab.mock.programs.text.od import ESCAPES

_ADDRESS: Final = re.compile(r"\s*[0-9a-fA-F]+")
_PAIRS: Final = re.compile(r"(?: *[0-9a-fA-F] *[0-9a-fA-F])*")

_FIXED: Final = {
    "b": ('"%07_Ax\n"', '"%07_ax"16/1 " %03o""\n"'),
    "c": ('"%07_Ax\n"', '"%07_ax"16/1 " %3_c""\n"'),
    "d": ('"%07_Ax\n"', '"%07_ax"8/2 "   %05u""\n"'),
    "o": ('"%07_Ax\n"', '"%07_ax"8/2 "  %06o""\n"'),
    "x": ('"%07_Ax\n"', '"%07_ax"8/2 "    %04x""\n"'),
    "C": ('"%08_Ax\n"', '"%08_ax "8/1 " %02x"" "8/1 " %02x"', '"  |"16/1 "%_p""|\n"'),
}
"""The fixed forms as formats."""

BYTE_COST_NS: Final = 50
PIECE_COST_NS: Final = 300
"""Processor time for each conversion of a format, beside what its text costs."""


class _Input:
    """All input, one file after another, as it comes: from a place on, and no more than so many bytes.

    Attributes:
        code: 1 when a file could not be read.
        place: The address of the block that was given last, and in the end of what is behind it.
    """

    def __init__(self, call: Call, start: int, most: int | None) -> None:
        self.code = 0
        self.place = 0
        self._call = call
        self._skip = start
        self._left = most

    async def blocks(self, size: int) -> AsyncIterator[bytes]:
        """Blocks of `size` bytes, the last one perhaps shorter."""
        rest, charged = bytearray(), 0
        async for data in self._pieces():
            rest += data
            if len(rest) > charged + LONG:
                self._call.proc.charge_memory(2 * LONG)
                charged += LONG
            whole = len(rest) - len(rest) % size
            for place in range(0, whole, size):
                yield bytes(rest[place : place + size])
                self.place += size
            del rest[:whole]
        if rest:
            yield bytes(rest)
            self.place += len(rest)

    async def _pieces(self) -> AsyncIterator[bytes]:
        for name in self._call.operands or ["-"]:
            if self._left == 0:
                return
            reader = await self._call.fopen_or_warn(name)
            if reader is None:
                self.code = 1
                continue
            if self._skip and self._passes_over(reader, "stdin" if name == "-" else name):
                continue
            while self._left != 0 and (data := await self._piece(reader)):
                self._left = None if self._left is None else self._left - len(data)
                await self._call.proc.cpu(len(data) * BYTE_COST_NS)
                yield data
            await self._call.close(reader, name)  # said, but no fault in its exit code

    def _passes_over(self, reader: Reader, name: str) -> bool:
        """Goes to the place. Returns whether a file ends before it; one that ends just there busybox shows from its beginning."""
        found = self._call.proc.fstat(reader.fd)
        size = found.size if st.S_ISREG(found.mode) else -1
        if 0 <= size < self._skip:
            self.place += size
            self._skip -= size
            return True
        if size != self._skip:
            try:
                self._call.proc.lseek(reader.fd, self._skip)
            except OSError as error:
                self._call.die_of(name, error)
        self.place += self._skip
        self._skip = 0
        return False

    async def _piece(self, reader: Reader) -> bytes:
        """More of a file: no more than is needed, so that who reads on finds the rest."""
        return await reader.read() if self._left is None else await reader.read_exactly(min(BLOCK, self._left))


@applet("hexdump hd", "bcdoxCe:*f:n:s:v", long_options=None, ignores_output_errors=True)
async def hexdump(call: Call) -> int:
    """Dumps in one of the fixed forms."""
    parts = [("C", "")] if call.name == "hd" else []
    parts += [(letter, argument) for letter, argument in call.options.given if letter in "bcdoxCef"]
    start = unsigned(call.options.get("s", "0"), 0, LLONG_MAX, BKM, base=0)
    most = unsigned(call.options.get("n", "0"), 0, INT_MAX) if "n" in call.options else None
    source = _Input(call, start, most)
    if any(letter in "ef" for letter, _ in parts) and (formats := await _formats(call, parts)):
        await _dump(call, Dumper(formats, call.proc.charge_memory), source)
        return source.code
    kinds = [letter for letter, _ in parts if letter in _FIXED] or ["_"]
    last, starred = b"", False
    async for block in source.blocks(16):
        repeated = block == last and "v" not in call.options
        if not repeated:
            for kind in kinds:
                await call.out.write_text(_line(kind, source.place, block))
        elif not starred:
            await call.out.write(b"*\n")
        last, starred = block, repeated
    if source.place:
        await call.out.write_text(f"{source.place:0{8 if kinds[-1] == 'C' else 7}x}\n")
    return source.code


async def _formats(call: Call, parts: list[tuple[str, str]]) -> list[Format]:
    """The formats that -e and -f give, and with them the fixed forms: each line is shown in all, in the order of the options."""
    formats = []
    for letter, argument in parts:
        if letter in _FIXED:
            formats += [parse_format(text) for text in _FIXED[letter]]
        elif letter == "e":
            formats.append(parse_format(argument))
        else:
            reader = await call.open_or_die(argument)
            while line := await reader.line():
                text = to_text(line).strip()
                if text and not text.startswith("#"):
                    formats.append(parse_format(text))
            reader.close()
    return formats


async def _dump(call: Call, dumper: Dumper, source: _Input) -> None:
    last, starred = b"", False
    async for block in source.blocks(dumper.block or BLOCK):
        repeated = block == last and "v" not in call.options
        if dumper.block and not repeated:
            for text in dumper.texts(source.place, block):
                await call.out.write(text)
                await call.proc.cpu(PIECE_COST_NS + len(text))
        elif dumper.block and not starred:
            await call.out.write(b"*\n")
        last, starred = block, repeated
    await call.out.write(dumper.end(source.place))


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
