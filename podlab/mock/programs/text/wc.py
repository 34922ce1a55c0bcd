"""wc."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import Reader, to_bytes

ORDER: Final = "lwmcL"
_LONGEST: Final = re.compile(rb"[\n\r\f]")
_INVISIBLE: Final = bytes(byte for byte in range(256) if not 9 <= byte <= 13 and not 32 <= byte < 127)
"""Bytes that neither begin nor end a word."""


_STARTS: Final = bytes(byte for byte in range(256) if byte & 0xC0 != 0x80)
"""Bytes that begin a character of UTF-8."""


class Counts:
    """What is counted of one file; `L` is the longest line."""

    def __init__(self) -> None:
        self.numbers = dict.fromkeys(ORDER, 0)
        self._in_word = False
        self._column = 0

    def add(self, data: bytes, wanted: str) -> None:
        """Counts a piece of the file."""
        numbers = self.numbers
        numbers["c"] += len(data)
        numbers["m"] += len(data) - len(data.translate(None, _STARTS))
        numbers["l"] += data.count(b"\n")
        if "w" in wanted:
            shown = data.translate(None, _INVISIBLE)
            numbers["w"] += len(shown.split()) - (self._in_word and not shown[:1].isspace() and bool(shown))
            self._in_word = not shown[-1:].isspace() if shown else self._in_word
        if "L" in wanted:
            self._measure(data)

    def _measure(self, data: bytes) -> None:
        for line in _LONGEST.split(data)[:-1]:
            self._advance(line)
            self.numbers["L"] = max(self.numbers["L"], self._column)
            self._column = 0
        self._advance(_LONGEST.split(data)[-1])
        self.numbers["L"] = max(self.numbers["L"], self._column)

    def _advance(self, text: bytes) -> None:
        for byte in text:
            if byte == 9:
                self._column = (self._column | 7) + 1
            elif 32 <= byte < 127:
                self._column += 1


@applet("wc", "lwmcL")
async def wc(call: Call) -> int:
    """Counts lines, words and bytes."""
    wanted = "".join(letter for letter in ORDER if letter in call.options) or "lwc"
    names = call.operands or ["-"]
    narrow = len(names) == 1 and len(wanted) == 1
    total = Counts()
    code = 0
    for name in names:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        counts = await _count(reader, wanted)
        code |= await call.close(reader, name if call.operands else "standard input")
        for letter in ORDER:
            both = (total.numbers[letter], counts.numbers[letter])
            total.numbers[letter] = max(both) if letter == "L" else sum(both)
        await _print(call, counts, wanted, name if call.operands else "", narrow)
    if len(names) > 1:
        await _print(call, total, wanted, "total", narrow)
    return code


async def _count(reader: Reader, wanted: str) -> Counts:
    counts = Counts()
    while data := await reader.read():
        counts.add(data, wanted)
    return counts


async def _print(call: Call, counts: Counts, wanted: str, name: str, narrow: bool) -> None:
    width = 0 if narrow else 9
    numbers = " ".join(f"{counts.numbers[letter]:{width}d}" for letter in wanted)
    await call.out.write(to_bytes(f"{numbers} {name}\n" if name else f"{numbers}\n"))
