"""The format strings of hexdump's -e and -f: what of a block of bytes is printed how."""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from podlab.mock.programs.applet import Die
from podlab.mock.programs.numbers import INT_MAX
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.text.od import ESCAPES

_UNIT: Final = re.compile(r'\s*(?:(\d*)\s*(?:(/)\s*(\d*))?\s*)"((?:[^"\\]|\\.)*)"\s*')
_PIECE: Final = re.compile(r"%([-+ 0#]*)(\d*)(?:\.(\d+))?(_[aA][dox]|_[cpu]|[diouxXcsfeEgG])|%%|%(.?)|[^%]+", re.DOTALL)
_BACKSLASHES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NAMES: Final = [
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
    "lf",
    "vt",
    "ff",
    "cr",
    "so",
    "si",
    "dle",
    "dcl",
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
]


@dataclass(slots=True)
class Piece:
    """A text, or a conversion with how many bytes it takes."""

    text: str = ""
    flags: str = ""
    width: str = ""
    precision: str = ""
    kind: str = ""
    size: int = 0


@dataclass(slots=True)
class Unit:
    """Pieces that are repeated."""

    pieces: list[Piece]
    repeats: int
    fixed: bool

    @property
    def size(self) -> int:
        """How many bytes one repetition takes."""
        return sum(piece.size for piece in self.pieces)


Format = list[Unit]


def parse_format(text: str) -> Format:
    """Reads one format string. Raises Die."""
    units: Format = []
    place = 0
    while place < len(text):
        match = _UNIT.match(text, place)
        if match is None:
            raise Die(f"bad format {{{text}}}")
        count, _, size, body = match.groups()
        units.append(Unit(_pieces(body, int(size) if size else 0), int(count) if count else 1, bool(count)))
        place = match.end()
    return units


def _pieces(body: str, size: int) -> list[Piece]:
    body = re.sub(r"\\(.)", lambda match: _BACKSLASHES.get(match[1], match[1]), body)
    pieces = []
    for match in _PIECE.finditer(body):
        flags, width, precision, kind, wrong = match.groups()
        if wrong is not None:
            raise Die(f"bad conversion character %{wrong}")
        if kind is None:
            pieces.append(Piece(text=match[0].replace("%%", "%")))
            continue
        pieces.append(Piece("", flags, width, precision or "", kind, _size(kind, size, precision)))
    return pieces


def _size(kind: str, size: int, precision: str | None) -> int:
    if kind[:2] in ("_a", "_A"):
        return 0
    if kind in ("c", "_c", "_p", "_u"):
        return 1
    if kind == "s":
        if not size and precision is None:
            raise Die("%s needs precision or byte count")
        return size or int(precision or 0)
    allowed = (4, 8) if kind in "feEgG" else (1, 2, 4)
    if size and size not in allowed:
        raise Die(f"bad byte count for conversion character {kind}")
    return size or (8 if kind in "feEgG" else 4)


class Dumper:
    """Prints blocks in one or more formats."""

    def __init__(self, formats: list[Format], charge: Callable[[int], None]) -> None:
        self.formats = formats
        self._charge = charge
        sizes = [sum(unit.size * unit.repeats for unit in units) for units in formats]
        self.block = max(sizes, default=0)
        for units, size in zip(formats, sizes, strict=True):
            if units and not units[-1].fixed and units[-1].size and size < self.block:
                units[-1].repeats += (self.block - size) // units[-1].size

    def texts(self, address: int, data: bytes) -> Iterator[bytes]:
        """A block's text, piece by piece; what lies behind the end of the data is left blank."""
        for units in self.formats:
            yield from self._format(units, address, data)

    def end(self, address: int) -> bytes:
        """What is printed of the address behind the data: by the last unit with a `%_A`; nothing when there was no data."""
        ends = [unit for units in self.formats for unit in units if any(piece.kind[:2] == "_A" for piece in unit.pieces)]
        return to_bytes("".join(_address(piece, address) for piece in ends[-1].pieces)) if ends and address else b""

    def _format(self, units: Format, address: int, data: bytes) -> Iterator[bytes]:
        place = 0
        for unit in units:
            if any(piece.kind[:2] == "_A" for piece in unit.pieces):
                continue
            for turn in range(unit.repeats):
                for index, piece in enumerate(unit.pieces):
                    last = index == len(unit.pieces) - 1 and unit.repeats > 1 and turn == unit.repeats - 1
                    yield from self._padded(piece, address + place, data, place, bare=last and not piece.kind)
                    place += piece.size

    def _padded(self, piece: Piece, address: int, data: bytes, place: int, bare: bool) -> Iterator[bytes]:
        """A piece's text, whose padding may be large: nothing when printf(3) cannot make it, and else paid for meanwhile."""
        room = max(int(piece.width or 0), int(piece.precision or 0))
        if room > INT_MAX:
            return
        self._charge(room)
        text = self._piece(piece, address, data, place)
        yield text.rstrip() if bare else text
        self._charge(-room)

    def _piece(self, piece: Piece, address: int, data: bytes, place: int) -> bytes:
        if not piece.kind:
            return to_bytes(piece.text)
        if place >= len(data):
            return b" " * int(piece.width or 0)
        if piece.kind[:2] == "_a":
            return to_bytes(_address(piece, address))
        return _converted(piece, data[place : place + piece.size].ljust(piece.size, b"\0"))


def _address(piece: Piece, address: int) -> str:
    if not piece.kind:
        return piece.text
    form = "%" + piece.flags + piece.width + piece.kind[2]
    return form % address


def _converted(piece: Piece, data: bytes) -> bytes:
    kind, form = piece.kind, f"%{piece.flags}{piece.width}" + (f".{piece.precision}" if piece.precision else "")
    if kind in ("_c", "_p", "_u", "s", "c"):
        return _character(kind, f"%{piece.flags.replace('0', '')}{piece.width}s", data)
    if kind in "feEgG":
        return to_bytes((form + kind) % struct.unpack("<f" if piece.size == 4 else "<d", data))
    number = int.from_bytes(data, "little", signed=kind in "di")
    return to_bytes((form + ("d" if kind == "u" else kind)) % number)


def _character(kind: str, form: str, data: bytes) -> bytes:
    byte, shown = data[0], 32 <= data[0] < 127
    if kind == "s":
        text = to_text(data.partition(b"\0")[0])
    elif kind == "c":
        return to_bytes(form % "\0").replace(b"\0", data[:1])
    elif kind == "_p":
        text = chr(byte) if shown else "."
    elif kind == "_c":
        text = ESCAPES.get(byte) or (chr(byte) if shown else f"{byte:03o}")
    else:
        text = _NAMES[byte] if byte < 32 else "del" if byte == 127 else chr(byte) if shown else f"{byte:02x}"
    return to_bytes(form % text)
