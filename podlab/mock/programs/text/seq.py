"""seq and yes."""

from typing import Final

from podlab.mock.programs.applet import Call, ShowUsage, applet
from podlab.mock.programs.numbers import leading_float
from podlab.mock.programs.options import OptionError, Options, parse_spec
from podlab.mock.programs.streams import to_bytes

LINE_COST_NS: Final = 400


def _parse(words: list[str]) -> tuple[Options, list[str]]:
    """Options up to the first operand; a negative number is an operand."""
    takes = parse_spec("ws:")
    options = Options()
    at = 0
    while at < len(words) and len(words[at]) > 1 and words[at][0] == "-":
        word = words[at]
        if word == "--":
            at += 1
            break
        if word.startswith("--"):
            raise OptionError(f"unrecognized option '{word}'")
        if word[1].isdigit() or word[1] == ".":
            break
        at += 1
        index = 1
        while index < len(word):
            letter = word[index]
            index += 1
            if letter not in takes:
                raise OptionError(f"invalid option -- '{letter}'")
            if not takes[letter]:
                options.given.append((letter, ""))
                continue
            if index == len(word):
                if at == len(words):
                    raise OptionError(f"option requires an argument -- '{letter}'")
                options.given.append((letter, words[at]))
                at += 1
            else:
                options.given.append((letter, word[index:]))
            break
    return options, words[at:]


def _number(text: str) -> tuple[float, int]:
    """A number, and how many decimals it is written with. Raises ShowUsage."""
    number, length = leading_float(text)
    if not text or length != len(text):
        raise ShowUsage
    fraction = text.partition(".")[2]
    return number, len(fraction)


SILENT_FAILURE: Final = 255
"""How it ends when its output cannot be written."""


@applet("seq", None, write_error=None)
async def seq(call: Call) -> int:
    """Prints a sequence of numbers."""
    options, operands = _parse(call.operands)
    if not 1 <= len(operands) <= 3:
        call.usage()
    numbers = [_number(text) for text in operands]
    last = numbers[-1][0]
    first = numbers[0][0] if len(numbers) > 1 else 1.0
    step = numbers[1][0] if len(numbers) > 2 else 1.0
    decimals = max((places for _, places in numbers[:-1]), default=0)
    whole = all(float(number).is_integer() and abs(number) < 2**53 for number, _ in numbers)
    width = 0
    if "w" in options:
        width = max(len(text.partition(".")[0]) for text in operands[:1] + operands[-1:])
        width += decimals + 1 if decimals else 0
    call.error_code = SILENT_FAILURE
    separator = options.get("s") if "s" in options else "\n"
    await _print(call, first, step, last, decimals, width, to_bytes(separator or ""), whole)
    return 0


async def _print(
    call: Call, first: float, step: float, last: float, decimals: int, width: int, separator: bytes, whole: bool
) -> None:
    index = 0
    value = first
    while (value <= last) if step >= 0 else (value >= last):
        text = b"%d" % value if whole and not decimals else to_bytes(f"{value:.{decimals}f}")
        if index:
            await call.out.write(separator)
        await call.out.write(text.zfill(width) if width else text)
        index += 1
        if index % 64 == 0:
            await call.proc.cpu(64 * LINE_COST_NS)
        value = first + index * step
    if index:
        await call.out.write(b"\n")


@applet("yes", None, write_error="")
async def yes(call: Call) -> int:
    """Prints a line for ever."""
    line = to_bytes(" ".join(call.operands or ["y"]) + "\n")
    block = line * max(1, 4096 // len(line))
    while True:
        await call.proc.cpu(len(block) * 2)
        await call.out.write(block)
