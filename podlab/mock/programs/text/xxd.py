"""xxd: bytes in hexadecimal, as rows, as plain digits or as a C array; and the way back."""

import errno
import os
import re
import stat as st
from dataclasses import dataclass
from typing import Final

from podlab.mock.machine.errors import unix_error
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import INT_MAX, LLONG_MAX, unsigned
from podlab.mock.programs.streams import BLOCK, LONG, Reader, to_text

ROW_COST_NS: Final = 50
"""Processor time for each byte that is shown."""
_PLAIN_COLUMNS: Final = 30
_ARRAY_COLUMNS: Final = 12
_ROW_COLUMNS: Final = 16
_ADDRESS: Final = re.compile(rb"[ \t\n\v\f\r]*(?:0[xX](?=[0-9a-fA-F]))?([0-9a-fA-F]{1,16})(?![0-9A-Za-z])")
_HEXADECIMAL: Final = frozenset(b"0123456789abcdefABCDEF")
_BLANKS: Final = frozenset(b" \t\n\v\f\r\0")
_PLAIN_TEXT: Final = b"0123456789abcdefABCDEF \n"
NEWLINE: Final = ord("\n")
_WORD: Final = 1 << 64


@dataclass(frozen=True, slots=True)
class _Look:
    """How rows look: bytes in a row and in a group, what is added to addresses; plain digits; a C array."""

    columns: int
    group: int
    offset: int
    plain: bool
    array: bool

    def row(self, address: int, block: bytes) -> str:
        """One row."""
        if self.plain:
            return block.hex()
        if self.array:
            return "  " + ", ".join(f"0x{byte:02x}" for byte in block) + ","
        cells = " ".join(block[i : i + self.group].hex() for i in range(0, len(block), self.group))
        width = self.columns * 2 + -(-self.columns // self.group) - 1
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in block)
        return f"{(address + self.offset) % _WORD:08x}: {cells:<{width}}  {text}"


@applet("xxd", "apirg:c:n:s:l:o:", operands=(0, 1))
async def xxd(call: Call) -> int:
    """Dumps, or with -r makes bytes of a dump."""
    get, options = call.options.get, call.options
    group, columns = unsigned(get("g", "2"), 0, INT_MAX), unsigned(get("c", "0"), 0, INT_MAX)
    most = unsigned(get("l", "0"), 0, INT_MAX, base=0) if "l" in options else None
    skip = unsigned(get("s", "0"), 0, LLONG_MAX, base=0)
    plain, array = "p" in options, "i" in options
    columns = columns or (_PLAIN_COLUMNS if plain else _ARRAY_COLUMNS if array else _ROW_COLUMNS)
    group = group or columns
    if columns > LONG:
        call.proc.charge_memory(columns * 4)  # every row is filled up with blanks
    if "r" in options:
        return await (_revert_plain(call) if plain else _revert(call, skip))
    look = _Look(columns, group, _signed(get("o", "0")), plain, array)
    name = call.operands[0] if call.operands and array else ""
    if name:
        variable = re.sub("[^0-9A-Za-z]", "_", name)
        variable = f"__{variable}" if variable[0].isdigit() else variable
        await call.out.write_text(f"unsigned char {variable}[] = {{\n")
    end = await _dump(call, look, skip, most)
    if name:
        await call.out.write_text(f"}};\nunsigned int {variable}_len = {end};\n")
    return 0


def _signed(text: str) -> int:
    return -unsigned(text[1:], base=0) if text.startswith("-") else unsigned(text, base=0)


async def _dump(call: Call, look: _Look, skip: int, most: int | None) -> int:
    """Shows the bytes row by row, as they come. Returns where they end."""
    path = call.operands[0] if call.operands else "-"
    try:
        source = await call.open(path)
    except OSError as error:
        call.die_of(path, error)
    start, first = _skip(call, source, skip, "stdin" if path == "-" else path)
    shown = 0
    while most is None or shown < most:
        block = await source.read_exactly(look.columns if most is None else min(look.columns, most - shown))
        if not block:
            break
        await call.proc.cpu(len(block) * ROW_COST_NS)
        await call.out.write_text(look.row(start + shown if shown else first, block) + "\n")
        shown += len(block)
    if source.error is not None:
        await call.warn_of(path, source.error)
        return 0
    source.close()
    return start + shown


def _skip(call: Call, source: Reader, skip: int, name: str) -> tuple[int, int]:
    """Leaves bytes out. Returns the address of what follows, and the one to show beside the first row.

    A file of just so many bytes is shown from where it is, and only its first row knows of the skip: busybox looks whether the
    file is shorter.
    """
    if not skip:
        return 0, 0
    found = call.proc.fstat(source.fd)
    size = found.size if st.S_ISREG(found.mode) else _WORD
    if skip == size:
        return 0, skip
    try:
        call.proc.lseek(source.fd, min(skip, size))
    except OSError as error:
        call.die_of(name, error)
    return min(skip, size), min(skip, size)


async def _source(call: Call) -> Reader:
    if call.operands == ["-"]:
        call.die_of("can't open '-'", unix_error(errno.ENOENT))
    return await call.open_or_die(call.operands[0] if call.operands else "-")


async def _revert_plain(call: Call) -> int:
    """The bytes of digits."""
    source, digits = await _source(call), _Digits()
    while text := await source.read():
        await call.proc.cpu(len(text) * ROW_COST_NS)
        await call.out.write(digits.bytes_of(text))
    return 0


class _Digits:
    """Reads pairs of digits.

    Blanks count nowhere; another character takes the digit before it along, and two of them the rest of the line.
    """

    def __init__(self) -> None:
        self._high = b""
        self._others = 0

    def bytes_of(self, text: bytes) -> bytes:
        """The bytes that another piece of the text completes."""
        if not self._others and not self._high and not text.translate(None, _PLAIN_TEXT):
            digits = text.translate(None, b" \n")
            whole = len(digits) - len(digits) % 2
            self._high = digits[whole:]
            return bytes.fromhex(digits[:whole].decode())
        out = bytearray()
        for byte in text:
            if byte == NEWLINE:
                self._others = 0
            if byte in _BLANKS or self._others == 2:
                continue
            digit = bytes((byte,)) if byte in _HEXADECIMAL else b""
            if not self._high:
                self._high = digit
                self._others = 0 if digit else self._others + 1
                continue
            if digit:
                out += bytes.fromhex((self._high + digit).decode())
            self._high, self._others = b"", 0
        return bytes(out)


async def _revert(call: Call, skip: int) -> int:
    """The bytes of rows, each row's at the place that it names."""
    source = await _source(call)
    at = 0
    while line := await source.line():
        text = line.removesuffix(b"\n").partition(b"\0")[0]
        match = _ADDRESS.match(text)
        if match is None:
            await call.out.flush()
            call.die(f"invalid number '{to_text(text)}'")
        place = int(match[1], 16) + skip
        data = _row_bytes(text[match.end() :].removeprefix(b":"))
        if place != at:
            at = await _go(call, at, place)
        await call.out.write(data)
        at += len(data)
    return 0


async def _go(call: Call, at: int, place: int) -> int:
    """Moves on in the output; what cannot be skipped there is filled with zeros."""
    await call.out.flush()
    try:
        call.proc.lseek(call.out.fd, place, os.SEEK_SET)
    except OSError as error:
        if place < at:
            call.die_of("cannot seek", error)
        while at < place:
            step = min(BLOCK, place - at)
            await call.out.write(bytes(step))
            at += step
    return place


def _row_bytes(text: bytes) -> bytes:
    """The bytes of a row, up to two characters together that are no digits; half a byte is dropped with what follows it."""
    out, at, others = bytearray(), 0, 0
    while at < len(text) and others < 2:
        if text[at] not in _HEXADECIMAL:
            others, at = others + 1, at + 1
            continue
        pair = text[at : at + 2]
        if len(pair) == 2 and pair[1] in _HEXADECIMAL:
            out += bytes.fromhex(pair.decode())
        others, at = 0, at + 2
    return bytes(out)
