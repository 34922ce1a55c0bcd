"""tr."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, ShowUsage, applet
from podlab.mock.programs.streams import to_bytes

_CLASSES: Final = {
    b"alpha": b"A-Za-z",
    b"alnum": b"0-9A-Za-z",
    b"digit": b"0-9",
    b"lower": b"a-z",
    b"upper": b"A-Z",
    b"space": b"\t-\r ",
    b"blank": b"\t ",
    b"punct": b"!-/:-@[-`{-~",
    b"cntrl": b"\0-\x1f\x7f",
    b"xdigit": b"0-9A-Fa-f",
    b"graph": b"!-~",
    b"print": b" -~",
}
_ESCAPES: Final = {97: 7, 98: 8, 101: 27, 102: 12, 110: 10, 114: 13, 116: 9, 118: 11, 92: 92}


@applet("tr", "+Ccds", operands=(1, 2), write_error="write error")
async def tr(call: Call) -> int:
    """Translates, squeezes or deletes characters."""
    options = call.options
    first = expand(to_bytes(call.operands[0]))
    if options.any("Cc"):
        members = frozenset(first)
        first = bytes(byte for byte in range(256) if byte not in members)
    second = b""
    table = bytearray(range(256))
    if len(call.operands) > 1:
        if not call.operands[1]:
            call.die("STRING2 cannot be empty")
        second = expand(to_bytes(call.operands[1]))
        for index, byte in enumerate(first):
            table[byte] = second[min(index, len(second) - 1)]
    deleted = first if "d" in options else b""
    squeezed = _squeezer(second if second else first) if "s" in options else None
    await _copy(call, bytes(table), deleted, squeezed)
    return 0


async def _copy(call: Call, table: bytes, deleted: bytes, squeezed: re.Pattern[bytes] | None) -> None:
    last = b""
    while data := await call.stdin.read():
        data = data.translate(table, deleted)
        if squeezed is not None and data:
            data = squeezed.sub(rb"\1", last + data)
            data, last = data[len(last) :], data[-1:]
        await call.out.write(data)
        await call.out.flush()
    if call.stdin.error is not None:
        call.die_of("read error", call.stdin.error)


def _squeezer(members: bytes) -> re.Pattern[bytes] | None:
    if not members:
        return None
    return re.compile(b"([" + b"".join(b"\\x%02x" % byte for byte in members) + rb"])\1+", re.DOTALL)


def expand(text: bytes) -> bytes:
    """The characters that a string of tr stands for."""
    result = bytearray()
    at = 0
    while at < len(text):
        if text[at : at + 1] == b"[" and not (text[at + 1 : at + 2] == b"-" and at + 2 < len(text)):
            found = _bracket(text, at)
            if found is not None:
                members, at = found
                result += members
                continue
            result.append(text[at])
            at += 1
            continue
        low, at = _character(text, at)
        if text[at : at + 1] == b"-" and at + 1 < len(text):
            high, at = _character(text, at + 1)
            result += bytes(range(low, high + 1))
        else:
            result.append(low)
    return bytes(result)


def _bracket(text: bytes, at: int) -> tuple[bytes, int] | None:
    """Reads `[:class:]` or `[=c=]`: its characters, and where it ends. None when it is neither."""
    if text[at + 1 : at + 2] == b":":
        end = text.find(b":]", at + 2)
        name = text[at + 2 : end] if end >= 0 else b""
        if name in _CLASSES:
            return expand(_CLASSES[name]) if b"[" not in _CLASSES[name] else _punctuation(), end + 2
    if text[at + 1 : at + 2] == b"=":
        if text[at + 3 : at + 5] != b"=]":
            raise ShowUsage
        return text[at + 2 : at + 3], at + 5
    return None


def _punctuation() -> bytes:
    return bytes(byte for byte in range(33, 127) if not chr(byte).isalnum())


def _character(text: bytes, at: int) -> tuple[int, int]:
    """One character, perhaps an escape, and where it ends."""
    byte = text[at]
    if byte != 92 or at + 1 >= len(text):
        return byte, at + 1
    octal = re.compile(rb"[0-7]{1,3}").match(text, at + 1)
    if octal:
        digits = octal[0] if int(octal[0], 8) < 256 else octal[0][:2]
        return int(digits, 8), at + 1 + len(digits)
    if text[at + 1] in _ESCAPES:
        return _ESCAPES[text[at + 1]], at + 2
    return byte, at + 1
