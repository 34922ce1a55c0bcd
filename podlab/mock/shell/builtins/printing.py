"""echo and printf, as busybox' applets of those names are (the shell has them built in)."""

import errno
import math
import re
from collections import deque
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import strerror
from podlab.mock.shell.encoding import to_bytes
from podlab.mock.shell.escapes import echo_escapes, escape_at

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_DIRECTIVE: Final = re.compile(r"%([-+ #0]*)(\*|\d*)(?:(\.)(\*|\d*))?([lLhz]*)(.?)", re.DOTALL)
_NUMBER: Final = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"\s*[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan|0[xX][0-9a-fA-F]+)", re.IGNORECASE)
_UNSIGNED: Final = (1 << 64) - 1
_WIDEST: Final = (1 << 31) - 1
TURN_COST_NS: Final = 2_000
"""Processor time for printing the format once more."""
_BIG: Final = 65_536
"""Wider fields are paid for before they are made."""
_LOWEST: Final = -(1 << 63)
_HIGHEST: Final = (1 << 63) - 1


def echo_text(operands: list[str]) -> str:
    """What `echo` prints."""
    newline, escapes = True, False
    index = 0
    while index < len(operands) and re.fullmatch("-[neE]+", operands[index]):
        newline = newline and "n" not in operands[index]
        escapes = escapes or "e" in operands[index]
        index += 1
    operands = operands[index:]
    if not escapes:
        return " ".join(operands) + ("\n" if newline else "")
    out: list[str] = []
    for position, operand in enumerate(operands):
        text, stopped = echo_escapes(operand)
        out.append(f" {text}" if position else text)
        if stopped:
            return "".join(out)
    return "".join(out) + ("\n" if newline else "")


async def echo(shell: "Shell", argv: list[str]) -> int:
    """Prints its operands."""
    error = await shell.write(1, to_bytes(echo_text(argv[1:])))
    if error is None:
        return 0
    await shell.complain(f"write error: {strerror(error.errno or errno.EIO)}")
    return 1


class Formatter:
    """One run of printf.

    Attributes:
        charge: Pays for memory; the process may die of it.
        out: What it prints after the last complaint.
        said: Before that: what it printed, and then had to say about its operands, by turns.
        failed: Whether its status is 1.
    """

    __slots__ = ("charge", "failed", "operands", "out", "said")

    def __init__(self, operands: list[str], charge: Callable[[int], None]) -> None:
        self.operands = deque(operands)
        self.charge = charge
        self.out: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.failed = False

    def turns(self, text: str) -> Iterator[None]:
        """Prints the format as often as it takes to use up the operands, once each time."""
        while True:
            left = len(self.operands)
            if not self.once(text) or not self.operands or len(self.operands) == left:
                return
            yield

    def once(self, text: str) -> bool:
        r"""Prints the format once. Returns whether to go on (not after `\c` or a bad directive)."""
        index = 0
        while index < len(text):
            char = text[index]
            if char == "\\":
                if text.startswith("c", index + 1):
                    return False
                char, index = escape_at(text, index + 1)
                self.out.append(char)
            elif char == "%":
                if text.startswith("%", index + 1):
                    self.out.append("%")
                    index += 2
                    continue
                if text.startswith("b", index + 1):
                    index += 2
                    shown, stopped = echo_escapes(self.take())
                    self.out.append(shown)
                    if stopped:
                        return False
                    continue
                end = self.directive(text, index)
                if end < 0:
                    return False
                index = end
            else:
                end = min((at for at in (text.find("%", index), text.find("\\", index)) if at >= 0), default=len(text))
                self.out.append(text[index:end])
                index = end
        return True

    def complain(self, message: str) -> None:
        """Says what is wrong, after what was printed so far."""
        self.said.append(("".join(self.out), message))
        self.out.clear()

    def take(self) -> str:
        """The next operand, "" when there is none."""
        return self.operands.popleft() if self.operands else ""

    def directive(self, text: str, index: int) -> int:
        """Prints what the directive at `index` calls for. Returns the index after it, -1 when it is none."""
        match = _DIRECTIVE.match(text, index)
        assert match is not None
        flags, width_text, dot, precision_text, size, conversion = match.groups()
        width = self.size(width_text)
        precision = self.size(precision_text) if dot else None
        if not conversion or conversion not in "diouxXfeEgGcs":
            kept = text[index : match.end() - len(conversion) - len(size)]  # busybox takes `l`, `h` and `z` out of the format
            self.complain(f"{kept}{text[match.end() - len(conversion) :]}: invalid format")
            self.failed = True
            return -1
        if width < 0:
            flags, width = flags + "-", -width
        if precision is not None and precision < 0:
            precision = None
        operand = self.take()
        if conversion == "s":
            shown = operand if precision is None else operand[:precision]
            flags = flags.replace("0", "")
        elif conversion == "c":
            shown = operand[:1] or "\0"
            flags = flags.replace("0", "")
        elif conversion in "feEgG":
            shown = self.floating(operand, flags, precision, conversion)
        else:
            shown = self.integer(operand, flags, precision, conversion)
            if precision is not None:
                flags = flags.replace("0", "")
        self.out.append(pad(shown, flags, width))
        return match.end()

    def size(self, text: str) -> int:
        """A width or precision; a star takes it from the operands."""
        if text == "*":
            text = self.take() or "0"
            if not re.fullmatch(r"-?\d+", text):
                self.complain(f"invalid number '{text}'")
                return 0
        size = max(min(int(text or "0"), _WIDEST), -_WIDEST)
        if abs(size) > _BIG:
            self.charge(abs(size))
        return size

    def bad_number(self, operand: str) -> None:
        """Complains of an operand that is no number."""
        self.complain(f"invalid number '{operand}'")
        self.failed = True

    def integer(self, operand: str, flags: str, precision: int | None, conversion: str) -> str:
        """An integer, printed with sign, prefix and precision."""
        value = self.number(operand.lstrip(" \t\n\r\f\v"), signed=conversion in "di")
        if conversion in "di":
            digits, sign = str(abs(value)), "-" if value < 0 else "+" if "+" in flags else " " if " " in flags else ""
        else:
            base = {"o": "o", "u": "d", "x": "x", "X": "X"}[conversion]
            digits, sign = format(value & _UNSIGNED, base), ""
            if "#" in flags and value and conversion in "xX":
                sign = "0" + conversion
            if "#" in flags and conversion == "o" and not digits.startswith("0"):
                digits = "0" + digits
        if precision is not None:
            digits = "" if precision == 0 and value == 0 else digits.rjust(precision, "0")
        return sign + digits

    def number(self, text: str, signed: bool) -> int:
        """The value of an integer operand; 'c means the character's number."""
        if text[:1] in ("'", '"') and text:
            return ord(text[1:2] or "\0")
        match = _NUMBER.fullmatch(text)
        if match is None:
            self.bad_number(text)
            return 0
        digits = match[2]
        base = 16 if digits[:2] in ("0x", "0X") else 8 if digits.startswith("0") else 10
        value = int(digits, base)
        if match[1] == "-":
            value = -value
        if not (_LOWEST <= value <= _HIGHEST if signed else abs(value) <= _UNSIGNED):
            self.bad_number(text)
            return 0
        return value

    def floating(self, operand: str, flags: str, precision: int | None, conversion: str) -> str:
        """A floating-point number."""
        if operand[:1] in ("'", '"') and operand:
            operand = str(ord(operand[1:2] or "\0"))
        value = 0.0
        if _FLOAT.fullmatch(operand):
            value = float(int(operand, 16)) if "x" in operand.lower() else float(operand)
            if math.isinf(value) and "n" not in operand.lower():
                self.bad_number(operand)
        elif operand:
            self.bad_number(operand)
        sign = "+" if "+" in flags else " " if " " in flags else "-"
        alternate = "#" if "#" in flags else ""
        return format(value, f"{sign}{alternate}.{6 if precision is None else precision}{conversion}")


def pad(text: str, flags: str, width: int) -> str:
    """Fills up to `width`: on the right with `-`, with zeros after the sign with `0`, else on the left."""
    if len(text) >= width:
        return text
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags:
        head = re.match("[-+ ]?(?:0[xX])?", text)
        start = head.end() if head else 0
        return text[:start] + text[start:].rjust(width - start, "0")
    return text.rjust(width)


async def printf(shell: "Shell", argv: list[str]) -> int:
    """Prints its operands as a format says."""
    if 1 not in shell.process.fds:
        return 1
    operands = argv[1:]
    if operands[:1] == ["--"]:
        operands = operands[1:]
    if not operands:
        await shell.complain("usage: printf FORMAT [ARGUMENT...]")
        return 2
    formatter = Formatter(operands[1:], shell.charge_transient)
    for _ in formatter.turns(operands[0]):
        await shell.process.cpu(TURN_COST_NS)
    for printed, complaint in formatter.said:
        shell.out(printed)
        await shell.complain(complaint)
    shell.out("".join(formatter.out))
    return int(formatter.failed)
