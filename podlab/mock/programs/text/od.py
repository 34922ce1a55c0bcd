"""od: bytes of files in octal and other forms."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import BKM, INT_MAX, unsigned
from podlab.mock.programs.streams import Reader, to_bytes

ESCAPES: Final = {0: "\\0", 7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r"}
NAMES: Final = [
    "nul",
    "soh",
    "stx",
    "etx",
    "eot",
    "enq",
    "ack",
    "bel",
    "bs",
    "ht",
    "nl",
    "vt",
    "ff",
    "cr",
    "so",
    "si",
    "dle",
    "dc1",
    "dc2",
    "dc3",
    "dc4",
    "nak",
    "syn",
    "etb",
    "can",
    "em",
    "sub",
    "esc",
    "fs",
    "gs",
    "rs",
    "us",
    "sp",
]
OLD: Final = {
    "a": "a", "b": "o1", "c": "c", "d": "u2", "D": "u4", "f": "f4", "h": "x2", "H": "x4", "i": "d4", "I": "d8",
    "l": "d8", "L": "d8",
    "o": "o2", "O": "o4", "s": "d2", "x": "x2", "X": "x4", "B": "o2",
}  # fmt: skip
ORDER: Final = "abcdDfhHiIoOts"
SAME: Final = {"x": "h", "X": "H", "l": "I", "L": "I", "B": "o"}
SIZES: Final = {"C": 1, "S": 2, "I": 4, "L": 8, "F": 4, "D": 8}
WIDTHS: Final = {"o": (3, 6, 11, 22), "x": (2, 4, 8, 16), "u": (3, 5, 10, 20), "d": (4, 6, 11, 20)}


@dataclass(frozen=True, slots=True)
class Form:
    """How a group of bytes is shown: its size, the width of a column, and the function."""

    size: int
    width: int
    show: Callable[[bytes], str]
    text: bool = False


def _char(data: bytes) -> str:
    byte = data[0]
    return ESCAPES.get(byte) or (chr(byte) if 32 <= byte < 127 else f"{byte:03o}")


def _name(data: bytes) -> str:
    byte = data[0] & 127
    return NAMES[byte] if byte <= 32 else "del" if byte == 127 else chr(byte)


def _number(kind: str, size: int) -> Form:
    width = WIDTHS[kind][size.bit_length() - 1]
    code = {"o": "o", "x": "x", "u": "d", "d": "d"}[kind]
    digits = width if kind in "ox" else 0

    def show(data: bytes) -> str:
        return format(int.from_bytes(data, "little", signed=kind == "d"), f"0{digits}{code}" if digits else code)

    return Form(size, width, show)


def _float(size: int) -> Form:
    mark, digits, width = ("<f", 7, 15) if size == 4 else ("<d", 15, 23)

    def show(data: bytes) -> str:
        value: float = struct.unpack(mark, data)[0]
        return f"{value:.{digits}e}"

    return Form(size, width, show)


def form(text: str) -> tuple[Form, str]:
    """The first form in a TYPE, and what is left of it. Raises ValueError."""
    kind, rest = text[0], text[1:]
    if kind in "ac":
        return Form(1, 3, _char if kind == "c" else _name), rest
    if kind not in "doxuf":
        raise ValueError(f"invalid character '{kind}' in type string '{{}}'")
    digits = ""
    while rest and rest[0].isdigit():
        digits, rest = digits + rest[0], rest[1:]
    size = int(digits) if digits else 0
    if not digits and rest[:1] in SIZES:
        size, rest = SIZES[rest[0]], rest[1:]
    if rest and rest[0] not in "acdouxf":
        raise ValueError("invalid type string '{}'; 4294967295-byte integral type is not supported")
    size = size or (8 if kind == "f" else 4)
    if size not in ((4, 8) if kind == "f" else (1, 2, 4, 8)):
        what = "floating point" if kind == "f" else "integral"
        raise ValueError(f"invalid type string '{{}}'; {size}-byte {what} type is not supported")
    return (_float(size) if kind == "f" else _number(kind, size)), rest


@applet("od", "A:N:j:S:w::t:*abcdDfhHiIlLoOsxXBv", long_options={"width": "w", "traditional": "_"}, ignores_output_errors=True)
async def od(call: Call) -> int:
    """Shows bytes."""
    radix = (call.options.get("A") or "o")[0]
    if radix not in "doxn":
        call.die(f"bad output address radix '{radix}' (must be [doxn])")
    forms = _forms(call)
    skip, most = _amount(call, "j") or 0, _amount(call, "N")
    width = unsigned(call.options.get("w") or "32", 0, INT_MAX) if "w" in call.options else 16
    data = _Input(call, call.operands)
    await data.open()
    await data.skip(skip)
    if data.reader is None:
        return 1
    multiple = max(form.size for form in forms)
    if not width or width % multiple:
        await call.warn(f"warning: invalid width {width}; using {multiple} instead")
        width = multiple
    if "S" in call.options:
        return await _strings(call, data, skip, most, radix)
    address, last, starred = skip, b"", False
    verbose = "v" in call.options
    while True:
        count = width if most is None else min(width, most - (address - skip))
        block = await data.read(count) if count > 0 else b""
        if not block:
            break
        if block == last and not verbose and len(block) == width:
            if not starred:
                await call.out.write(b"*\n")
            starred = True
        else:
            starred = False
            await _show(call, address, radix, forms, block, width)
        last = block
        address += len(block)
    if radix != "n":
        await call.out.write_text(_address(address, radix) + "\n")
    return data.code


async def _strings(call: Call, data: "_Input", address: int, most: int | None, radix: str) -> int:
    """Shows what ends with a NUL and is at least as long as -S tells, with its address."""
    least = _amount(call, "S") or 3
    text = await data.read(most if most is not None else 1 << 30)
    start = 0
    while (end := text.find(b"\0", start)) >= 0:
        begin = end
        while begin > start and 32 <= text[begin - 1] < 127:
            begin -= 1
        if end - begin >= least:
            label = _address(address + begin, radix)
            await call.out.write((to_bytes(label) + b" " if label else b"") + text[begin:end] + b"\n")
        start = end + 1
    return data.code


def _forms(call: Call) -> list[Form]:
    forms = []
    given = dict.fromkeys((SAME.get(letter, letter), argument) for letter, argument in call.options.given)
    for letter, argument in sorted(given, key=lambda pair: ORDER.find(pair[0])):
        text = argument if letter == "t" else OLD.get(letter, "")
        while text:
            try:
                one, text = form(text)
            except ValueError as error:
                call.die(str(error).format(argument))
            forms.append(one)
    return forms or [_number("o", 2)]


def _amount(call: Call, letter: str) -> int | None:
    text = call.options.get(letter)
    return None if text is None else unsigned(text, suffixes=BKM, base=0)


class _Input:
    """The files one after another."""

    def __init__(self, call: Call, names: list[str]) -> None:
        self.call = call
        self.names = list(names) or ["-"]
        self.reader: Reader | None = None
        self.code = 0

    async def open(self) -> None:
        """The next file that can be read, unless one is being read."""
        while self.reader is None and self.names:
            self.reader = await self.call.fopen_or_warn(self.names.pop(0))
            self.code |= self.reader is None

    async def read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            await self.open()
            if self.reader is None:
                break
            piece = await self.reader.read_exactly(count - len(data))
            if not piece:
                self.reader.close()
                self.reader = None
            data += piece
        return data

    async def skip(self, count: int) -> None:
        while count > 0:
            piece = await self.read(min(count, 65_536))
            if not piece:
                self.call.die("can't skip past end of combined input")
            count -= len(piece)


def _address(address: int, radix: str) -> str:
    return {"o": f"{address:07o}", "d": f"{address:07d}", "x": f"{address:06x}", "n": ""}[radix]


async def _show(call: Call, address: int, radix: str, forms: list[Form], block: bytes, width: int) -> None:
    most = max(one.size for one in forms)
    block += bytes(-len(block) % most)
    for place, one in enumerate(forms):
        text = _address(address, radix) if place == 0 else " " * len(_address(address, radix))
        for start in range(0, len(block), one.size):
            piece = block[start : start + one.size]
            piece += bytes(one.size - len(piece))
            text += one.show(piece).rjust(one.width + 1)
        await call.out.write_text(text + "\n")
