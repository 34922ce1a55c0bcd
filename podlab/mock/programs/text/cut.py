"""cut."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.regex import RegexError, compile_regex
from podlab.mock.programs.streams import to_bytes

Cutter = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which positions are wanted: pairs of first and last (from 0), in the order given or sorted."""

    pairs: tuple[tuple[int, int], ...]

    def pick(self, count: int) -> list[int]:
        """The wanted positions below `count`, each once, in rising order."""
        picked: list[int] = []
        for first, last in self.pairs:
            picked.extend(range(max(first, picked[-1] + 1 if picked else 0), min(last, count - 1) + 1))
        return picked


def parse_ranges(text: str, in_order: bool) -> Ranges:
    """Reads `1,3-5,7-`. Raises Die."""
    pairs = []
    for part in filter(None, text.split(",")):
        first, dash, last = part.partition("-")
        low = max(unsigned(first, 0, INT_MAX) - 1, 0) if first else 0
        high = low
        if dash:
            high = unsigned(last, 0, INT_MAX) - 1 if last else INT_MAX
        if high < low:
            raise Die(f"{high + 1}<{low}")
        pairs.append((low, high))
    if not pairs:
        raise Die("missing list of positions")
    return Ranges(tuple(pairs if in_order else sorted(pairs)))


@applet("cut", "b:c:f:F:d:O:sDn")
async def cut(call: Call) -> int:
    """Prints chosen bytes or fields of each line."""
    kinds = [letter for letter, _ in call.options.given if letter in "bcfF"]
    if not kinds:
        call.die("expected a list of bytes, characters, or fields")
    if any(kind != "F" for kind in kinds[1:]):  # -F may follow any of the others
        call.usage()
    kind = kinds[0] if kinds[0] in "bc" else kinds[-1]
    if kind in "bc":
        if "s" in call.options:
            call.die("suppressing non-delimited lines makes sense only when operating on fields")
        if "d" in call.options:
            call.die("a delimiter may be specified only when operating on fields")
    in_order = "D" in call.options
    ranges = parse_ranges(call.options.get(kinds[-1]) or "", in_order)
    cutter = _cutter(call, kind, ranges)
    code = 0
    by_line = kind == "f" and call.options.get("d") == "\n"
    for name in call.operands or ["-"]:
        reader = await call.fopen_or_warn(name)
        if reader is None:
            code = 1
            continue
        number = 0
        while lines := await reader.lines():
            if by_line:
                number, lines = _pick_lines(lines, ranges, number)
                await call.out.write(b"".join([line + b"\n" for line in lines]))
                continue
            await call.proc.cpu(300 * len(lines))
            await call.out.write(b"".join([piece + b"\n" for piece in map(cutter, lines) if piece is not None]))
        reader.close()
    return code


def _pick_lines(lines: list[bytes], ranges: Ranges, number: int) -> tuple[int, list[bytes]]:
    """With a newline for delimiter the fields are lines: those wanted, and the number of lines so far."""
    picked = [line for index, line in enumerate(lines, number) if any(first <= index <= last for first, last in ranges.pairs)]
    return number + len(lines), picked


def _cutter(call: Call, kind: str, ranges: Ranges) -> Cutter:
    """What is done to each line: its new text, or None to leave it out."""
    only_delimited = "s" in call.options
    in_order = "D" in call.options
    if kind in "bc":
        return _in_order_bytes(ranges) if in_order else _bytes_cutter(ranges)
    given = call.options.get("d")
    output = call.options.get("O")
    if kind == "F":
        joint = to_bytes(" " if output is None else output)
        return _regex_cutter(call, given or "[[:space:]]+", joint, ranges, in_order)
    delimiter = to_bytes("\t" if given is None else given)[:1] or b"\0"
    joint = delimiter if output is None else to_bytes(output)
    return _field_cutter(delimiter, joint, ranges, only_delimited, in_order)


def _merged(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(pairs):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _bytes_cutter(ranges: Ranges) -> Cutter:
    merged = _merged(ranges.pairs)
    if len(merged) == 1:
        ((first, last),) = merged
        return lambda line: line[first : last + 1]
    return lambda line: b"".join([line[first : last + 1] for first, last in merged])


def _in_order_bytes(ranges: Ranges) -> Cutter:
    return lambda line: b"".join([line[first : last + 1] for first, last in ranges.pairs])


def _field_cutter(delimiter: bytes, joint: bytes, ranges: Ranges, only_delimited: bool, in_order: bool) -> Cutter:
    pairs = ranges.pairs
    most = max(last for _, last in pairs) + 1

    def single(line: bytes) -> bytes | None:
        if delimiter not in line:
            return None if only_delimited and line else line
        fields = line.split(delimiter, most)
        return fields[most - 1] if len(fields) >= most else b""

    def several(line: bytes) -> bytes | None:
        if delimiter not in line:
            return None if only_delimited and line else line
        fields = line.split(delimiter)
        # a range without fields leaves its delimiter, as busybox does it
        return joint.join([joint.join(fields[first : last + 1]) for first, last in (pairs if in_order else merged)])

    merged = _merged(pairs)
    return single if len(pairs) == 1 and pairs[0] == (most - 1, most - 1) else several


def _regex_cutter(call: Call, source: str, joint: bytes, ranges: Ranges, in_order: bool) -> Cutter:
    try:
        regex = compile_regex(to_bytes(source), extended=True)
    except RegexError as error:
        call.die(f"bad regex '{source}': {error}")

    def cutter(line: bytes) -> bytes | None:
        fields = []
        at = 0
        for spans in regex.find_all(line):
            begin, end = spans[0]
            if end > begin:
                fields.append(line[at:begin])
                at = end
        fields.append(line[at:])
        if in_order:
            return joint.join([field for first, last in ranges.pairs for field in fields[first : last + 1]])
        return joint.join([fields[index] for index in ranges.pick(len(fields))])

    return cutter
