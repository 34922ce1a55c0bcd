"""cat, tac and rev."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import Reader

_LINES: Final = re.compile(rb"[^\n]*\n|[^\n]+")


@applet("cat", "nbvteAu", write_error="write error")
async def cat(call: Call) -> int:
    """Prints files one after the other."""
    show = _visible_table(call)
    copy, opened = _copy, call.open_or_warn
    if call.options.any("nb"):
        if show is None:
            opened = call.fopen_or_warn
        copy = _Numbered(show, "b" in call.options).copy
    code = 0
    for name in call.operands or ["-"]:
        reader = await opened(name)
        if reader is None:
            code = 1
            continue
        await copy(call, reader, show)
        reader.close()
        if reader.error is not None:
            await call.warn_of("read error", reader.error)
            code = 1
    return code


async def _copy(call: Call, reader: Reader, show: list[bytes] | None) -> None:
    """Copies what was read at once, byte for byte or made visible."""
    while data := await reader.read():
        if show is not None:
            data = b"".join([show[byte] for byte in data])
        await call.out.write(data)
        if show is None:
            await call.out.flush()


class _Numbered:
    """Copies with line numbers, which go on from file to file."""

    def __init__(self, show: list[bytes] | None, skip_empty: bool) -> None:
        self._separator = b"\t" if show is None else b"  "
        self._skip_empty = skip_empty
        self._number = 0
        self._at_start = True

    async def copy(self, call: Call, reader: Reader, show: list[bytes] | None) -> None:
        """Copies one file."""
        while line := await reader.line():
            number = b""
            if self._at_start and not (self._skip_empty and line == b"\n"):
                self._number += 1
                number = b"%6d%s" % (self._number, self._separator)
            if show is None:
                line = line if line.endswith(b"\n") else line + b"\n"
            else:
                self._at_start = line.endswith(b"\n")
                line = b"".join([show[byte] for byte in line])
            await call.out.write(number + line)
        if show is None:
            reader.error = None  # looked at by nobody


def _visible_table(call: Call) -> list[bytes] | None:
    """What each byte is printed as, or None when all are printed as they are."""
    if not call.options.any("vteA"):
        return None
    tabs, ends = call.options.any("tA"), call.options.any("eA")
    return [_visible(byte, tabs, ends) for byte in range(256)]


def _visible(byte: int, tabs: bool, ends: bool) -> bytes:
    if byte == 10:
        return b"$\n" if ends else b"\n"
    if byte == 9 and not tabs:
        return b"\t"
    prefix = b""
    if byte >= 128:
        prefix, byte = b"M-", byte - 128
    if byte < 32:
        return prefix + b"^" + bytes([byte + 64])
    return prefix + (b"^?" if byte == 127 else bytes([byte]))


@applet("tac", write_error="write error")
async def tac(call: Call) -> int:
    """Prints the lines of each file in reverse, once it has read them all, the last file first."""
    texts: list[bytes] = []
    code = 0
    for name in reversed(call.operands or ["-"]):
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        texts.append(await reader.read_all())
        code |= await call.close(reader, name)
    for text in reversed(texts):
        for line in reversed(_LINES.findall(text)):
            await call.out.write(line)
    return code


@applet("rev")
async def rev(call: Call) -> int:
    """Prints each line backwards."""
    code = 0
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        while batch := await reader.lines():
            text = b"\n".join([line[::-1] for line in batch])
            await call.out.write(text if reader.unterminated else text + b"\n")
        reader.close()
    return code
