"""sort."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import UINT_MAX
from podlab.mock.programs.streams import Writer, to_bytes
from podlab.mock.programs.text.ordering import ORDERS

FLAGS: Final = "ngMucszbrdfihV"
KEY_FLAGS: Final = "ngMbrdfih"
NO_KEY_FLAGS: Final = "ucszVokt:mST"
ORDER_FLAGS: Final = "ngMVh"
LINE_COST_NS: Final = 2_000
_SPACES: Final = re.compile(rb"[ \t\n\v\f\r]*[^ \t\n\v\f\r]*")
_NOT_DICTIONARY: Final = re.compile(rb"[^ \t\n\v\f\r0-9A-Za-z]")
_NOT_PRINTABLE: Final = re.compile(rb"[^ -~]")

Extract = Callable[[bytes], bytes]


@dataclass(slots=True)
class Key:
    """A part of the line to sort by.

    Fields and characters count from 1, 0 for none; without `flags` of its own the command's hold.
    """

    first_field: int
    first_char: int
    last_field: int
    last_char: int
    flags: str
    strip_end: bool


@applet("sort", "ngMucszbrdfihVo:k:t:mS:T:", error_code=2)
async def sort(call: Call) -> int:
    """Sorts the lines of files."""
    options = call.options
    if options.count("o") > 1 or options.count("t") > 1:
        call.usage()
    separator = options.get("t")
    if separator is not None and len(to_bytes(separator)) > 1:
        call.die("bad -t parameter")
    flags = "".join(letter for letter, _ in options.given if letter in FLAGS)
    keys = [parse_key(text) for text in options.all("k")] or [Key(1, 0, 0, 0, "", False)]
    compare = comparison(keys, flags, None if separator is None else to_bytes(separator))
    end = b"\0" if "z" in flags else b"\n"
    lines = await _read_lines(call, end)
    if "c" in flags:
        return await _check(call, lines, compare, "u" in flags)
    await call.proc.cpu(len(lines) * max(len(lines).bit_length(), 1) * 200)
    lines.sort(key=compare.sort_key, reverse=compare.reverse)
    if "u" in flags:
        lines = compare.without_duplicates(lines)
    out = call.out
    if (path := options.get("o")) is not None:
        out = Writer(call.proc, await _create(call, path))
    for line in lines:
        await out.write(line + end)
    await out.flush()
    return 0


async def _create(call: Call, path: str) -> int:
    try:
        return await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC)
    except OSError as error:
        call.die_of(f"can't open '{path}'", error)


async def _read_lines(call: Call, end: bytes) -> list[bytes]:
    lines: list[bytes] = []
    for name in call.operands or ["-"]:
        try:
            reader = await call.open(name)
        except OSError as error:
            call.die_of(name, error)
        while batch := await reader.lines(end):
            call.proc.charge_memory(sum(map(len, batch)) + 48 * len(batch))
            lines += batch
        reader.close()
    return lines


async def _check(call: Call, lines: list[bytes], compare: "Comparison", unique: bool) -> int:
    for number, (before, line) in enumerate(pairwise(lines), 1):
        order = compare(before, line)
        if order > 0 or (unique and order == 0):
            await call.error(f"Check line {number}\n")
            return 1
    return 0


def parse_key(text: str) -> Key:
    """Reads the argument of -k. Raises Die."""
    numbers = [0, 0, 0, 0]
    flags = ""
    strip_end = False
    at = 0
    for half in (0, 1):
        if half and at >= len(text):
            break  # also after a comma: `-k 1,`
        numbers[2 * half], at = _read_number(text, at)
        if text[at : at + 1] == ".":
            numbers[2 * half + 1], at = _read_number(text, at + 1)
        while at < len(text) and text[at] != ",":
            letter = text[at]
            at += 1
            if letter not in KEY_FLAGS:
                raise Die("unknown sort type" if letter in NO_KEY_FLAGS else "unknown key option")
            if half and letter == "b":
                strip_end = True
            else:
                flags += letter
        at += 1
    return Key(numbers[0], numbers[1], numbers[2], numbers[3], flags, strip_end)


def _read_number(text: str, at: int) -> tuple[int, int]:
    match = re.compile(r"[0-9]+").match(text, at)
    if match is None or not 0 < int(match[0]) <= UINT_MAX:
        raise Die("bad field specification")
    return int(match[0]), match.end()


class Comparison:
    """How two lines compare: by each key in turn, and at last as a whole (unless -s).

    Attributes:
        sort_key: For `list.sort`.
        reverse: Whether that sorts backwards.
    """

    def __init__(self, parts: list[tuple[Callable[[bytes], Any], bool]], last_resort: bool, reverse_last: bool) -> None:
        self._parts = parts
        self._whole = ((lambda line: line), reverse_last)
        everything = [*parts, self._whole] if last_resort else parts
        directions = {reverse for _, reverse in everything}
        self._last_resort = last_resort
        self.reverse = directions == {True}
        self.sort_key: Callable[[bytes], Any]
        if len(directions) > 1:
            self.sort_key = functools.cmp_to_key(self.__call__)
        elif len(everything) == 1:
            self.sort_key = everything[0][0]
        else:
            extractors = [extract for extract, _ in everything]
            self.sort_key = lambda line: tuple([extract(line) for extract in extractors])

    def __call__(self, left: bytes, right: bytes) -> int:
        """Negative, 0 or positive."""
        return self._compare([*self._parts, self._whole] if self._last_resort else self._parts, left, right)

    @staticmethod
    def _compare(parts: list[tuple[Callable[[bytes], Any], bool]], left: bytes, right: bytes) -> int:
        for extract, reverse in parts:
            a, b = extract(left), extract(right)
            if a != b:
                return -1 if (a < b) != reverse else 1
        return 0

    def without_duplicates(self, lines: list[bytes]) -> list[bytes]:
        """The first of each run of sorted lines whose keys are equal."""
        kept: list[bytes] = []
        for line in lines:
            if not kept or self._compare(self._parts, kept[-1], line) != 0:
                kept.append(line)
        return kept


def comparison(keys: list[Key], flags: str, separator: bytes | None) -> Comparison:
    """Makes the comparison that keys and the command's own flags ask for. Raises Die."""
    parts = []
    for key in keys:
        own = key.flags or flags
        orders = [letter for letter in ORDER_FLAGS if letter in own]
        if len(orders) > 1:
            raise Die("unknown sort type")
        extract = _extractor(key, own, separator)
        order = ORDERS.get(orders[0]) if orders else None
        parts.append((_compose(order, extract) if order else extract, "r" in own))
    return Comparison(parts, "s" not in flags, "r" in flags)


def _compose(outer: Callable[[bytes], Any], inner: Extract) -> Callable[[bytes], Any]:
    return lambda line: outer(inner(line))


def _extractor(key: Key, flags: str, separator: bytes | None) -> Extract:
    """What cuts a key out of a line."""
    whole = (key.first_field, key.first_char, key.last_field, key.last_char) == (1, 0, 0, 0)
    if whole and not key.strip_end and not any(letter in flags for letter in "bdfi"):
        return lambda line: line
    edit = _editor(flags)

    def extract(line: bytes) -> bytes:
        start = _field_end(line, key.first_field - 1, separator, skip_last=True) if key.first_field else len(line)
        end = _field_end(line, key.last_field, separator, skip_last=False) if key.last_field else len(line)
        if "b" in flags:
            start = len(line) - len(line[start:].lstrip(b" \t\n\v\f\r"))
        if key.strip_end:
            end = start + len(line[start:end].rstrip(b" \t\n\v\f\r")) if end > start else end
        if key.last_char:
            end = min(key.last_char, len(line))
        if key.first_char:
            start = min(start + key.first_char - 1, len(line))
        return edit(line[start : max(end, start)])

    return extract


def _field_end(line: bytes, count: int, separator: bytes | None, skip_last: bool) -> int:
    """Where `count` fields end; with their last separator, or without it."""
    at = 0
    for _ in range(count):
        if separator is None:
            match = _SPACES.match(line, at)
            at = match.end() if match else at
            continue
        found = line.find(separator, at)
        if found < 0:
            return len(line)
        at = found + 1
    return at if separator is None or skip_last or not count else at - 1


def _editor(flags: str) -> Extract:
    """What -d, -i and -f do to a key."""

    def edit(text: bytes) -> bytes:
        if "d" in flags:
            text = _NOT_DICTIONARY.sub(b"", text)
        if "i" in flags:
            text = _NOT_PRINTABLE.sub(b"", text)
        return text.upper() if "f" in flags else text

    return edit
