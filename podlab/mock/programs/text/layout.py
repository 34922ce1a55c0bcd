"""nl, fold, expand, unexpand, paste: the layout of lines."""

from collections.abc import Callable

from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import INT_MAX, UINT_MAX, unsigned
from podlab.mock.programs.streams import LONG, Reader, to_bytes
from podlab.mock.shell.escapes import escape_at

TAB = 8
WIDEST = 10_000
FOLD_COST_NS = 150
"""Processor time for each byte."""


@applet(
    "nl",
    "pb:i:s:v:w:",
    long_options={
        "body-numbering": "b",
        "line-increment": "i",
        "no-renumber": "p",
        "number-separator": "s",
        "starting-line-number": "v",
        "number-width": "w",
    },
)
async def nl(call: Call) -> int:
    """Numbers lines."""
    given = {"b": "t", "s": "\t", "w": "6", "i": "1", "v": "1"} | dict(call.options.given)
    style, separator = given["b"][:1], to_bytes(given["s"])
    for letter, argument in call.options.given:
        if letter in "wiv":
            unsigned(argument, 0, INT_MAX)  # each is looked at, and the last one holds
    width, step, number = (int(given[letter]) for letter in "wiv")
    code = 0
    if width > LONG:
        call.proc.charge_memory(width)
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        while line := await reader.line():
            text = line.removesuffix(b"\n")
            if style == "a" or (style == "t" and text):
                await call.out.write(b"%*d" % (width, number) + separator + text + b"\n")
                number += step
            else:
                await call.out.write(b" " * (width + len(separator)) + text + b"\n")
        reader.close()  # what could not be read is the end of the file, no more
    return code


@applet("fold", "bsw:0123456789")
async def fold(call: Call) -> int:
    """Wraps lines."""
    width = unsigned(_digits(call) or call.options.get("w", "80"), 1, WIDEST)
    code = 0
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        folder = _Folder(width, "b" in call.options, "s" in call.options)
        while data := await reader.read():
            await call.proc.cpu(len(data) * FOLD_COST_NS)
            await call.out.write(folder.feed(data))
        await call.out.write(bytes(folder.line))
        code |= await call.close(reader, name)
    return code


def _digits(call: Call) -> str:
    """A width given as an option: -72."""
    return "".join(letter for letter, _ in call.options.given if letter.isdigit())


class _Folder:
    """Wraps what it is fed with; `line` is what it holds back."""

    __slots__ = ("at_spaces", "by_bytes", "column", "line", "width")

    def __init__(self, width: int, by_bytes: bool, at_spaces: bool) -> None:
        self.width = width
        self.by_bytes = by_bytes
        self.at_spaces = at_spaces
        self.line = bytearray()
        self.column = 0

    def feed(self, data: bytes) -> bytes:
        """What goes out for a piece of the input."""
        out = bytearray()
        line, column = self.line, self.column
        for byte in data:
            if byte == 10:
                line.append(byte)
                out += line
                line.clear()
                column = 0
                continue
            after = column + 1 if self.by_bytes else _column(column, byte)
            while after > self.width and line:
                cut = (max(line.rfind(b" "), line.rfind(b"\t")) + 1 if self.at_spaces else 0) or len(line)
                out += line[:cut] + b"\n"
                del line[:cut]
                column = 0
                for kept in line:
                    column = column + 1 if self.by_bytes else _column(column, kept)
                after = column + 1 if self.by_bytes else _column(column, byte)
            line.append(byte)
            column = after
        self.column = column
        return bytes(out)


def _column(column: int, byte: int) -> int:
    if byte == 8:
        return max(column - 1, 0)
    if byte == 13:
        return 0
    if byte & 0xC0 == 0x80:
        return column
    return (column // TAB + 1) * TAB if byte == 9 else column + 1


@applet("expand", "it:", long_options={"initial": "i", "tabs": "t"})
async def expand(call: Call) -> int:
    """Tabs to spaces."""
    stop = _tab_stop(call)
    return await _lines(call, lambda line: _expanded(line, stop, "i" in call.options), tab=stop)


@applet("unexpand", "fat:", long_options={"first-only": "f", "tabs": "t", "all": "a"})
async def unexpand(call: Call) -> int:
    """Spaces to tabs."""
    stop = _tab_stop(call)
    everywhere = call.options.any("at") and "f" not in call.options
    return await _lines(call, lambda line: _unexpanded(line, stop, everywhere))


def _tab_stop(call: Call) -> int:
    return unsigned(call.options.get("t", "8"), 1, UINT_MAX)


async def _lines(call: Call, change: Callable[[bytes], bytes], tab: int = 1) -> int:
    """Changes every line; `tab` is how many bytes a tab may come to."""
    code = 0
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        while line := await reader.line():
            room = tab * line.count(b"\t")
            call.proc.charge_memory(room)
            await call.out.write(change(line))
            call.proc.charge_memory(-room)
        code |= await call.close(reader, name)
    return code


def _expanded(line: bytes, stop: int, initial: bool) -> bytes:
    out, column, leading = bytearray(), 0, True
    for byte in line:
        leading = leading and byte in b" \t"
        if byte == 9 and (leading or not initial):
            count = stop - column % stop
            out += b" " * count
            column += count
        else:
            out.append(byte)
            column += byte & 0xC0 != 0x80
    return bytes(out)


def _unexpanded(line: bytes, stop: int, everywhere: bool) -> bytes:
    out, column, place = bytearray(), 0, 0
    while place < len(line):
        end, after = place, column
        while end < len(line) and line[end] in b" \t":
            after = after + 1 if line[end] == 32 else (after // stop + 1) * stop
            end += 1
        if end > place:
            tabs = after // stop - column // stop
            if tabs and (end - place > 1 or line[place] == 9):
                out += b"\t" * tabs + b" " * (after % stop)
            else:
                out += line[place:end]
            column, place = after, end
            if not everywhere:
                return bytes(out) + line[place:]
            continue
        if not everywhere:
            return bytes(out) + line[place:]
        out.append(line[place])
        column += line[place] & 0xC0 != 0x80
        place += 1
    return bytes(out)


@applet("paste", "d:s")
async def paste(call: Call) -> int:
    """Lines of files side by side, or with -s one after another."""
    delimiters = _delimiters(call.options.get("d"))
    names = call.operands or ["-"]
    readers = []
    for name in names:
        try:
            readers.append(await call.open(name))
        except OSError as error:
            call.die_of(name, error)
    if "s" in call.options:
        for reader in readers:
            await _in_a_row(call, reader, delimiters)
        return 0
    sources: list[Reader | None] = list(readers)
    while any(sources):
        turn = 0
        for place, source in enumerate(sources):
            line = await source.line() if source is not None else b""
            if not line:
                sources[place] = None
                continue
            end = b"\n"
            if place < len(sources) - 1:
                end = delimiters[turn % len(delimiters)]
                turn += 1
            await call.out.write(line.removesuffix(b"\n") + end)
    return 0


def _delimiters(text: str | None) -> list[bytes]:
    if text is None:
        return [b"\t"]
    if not text:
        raise Die("-d '' is not supported")
    chars, found, place = to_bytes(text).decode("latin-1"), [], 0
    while place < len(chars):
        char, place = chars[place], place + 1
        if char == "\\":
            char, place = escape_at(chars, place)
        found.append(char.encode("latin-1").replace(b"\0", b""))
    return found


async def _in_a_row(call: Call, reader: Reader, delimiters: list[bytes]) -> None:
    """The lines of one file as one line; none when it is empty."""
    place = -1
    while line := await reader.line():
        if place >= 0:
            await call.out.write(delimiters[place % len(delimiters)])
        await call.out.write(line.removesuffix(b"\n"))
        place += 1
    if place >= 0:
        await call.out.write(b"\n")
