"""What a program's values take: memory, which is charged to the container, and for long strings time."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.awk.formats import parse_format
from podlab.mock.programs.awk.records import most_fields

STEPS: Final = 256
"""How many turns of loops and calls there are between two pauses."""
LIGHT: Final = 65_536
"""Strings up to this length cost nothing extra."""
ELEMENT_BYTES: Final = 100
BYTES_PER_NS: Final = 4
_SAMPLE: Final = 64
_WORK_COST_NS: Final = 200_000
_NUMBERS: Final = re.compile(r"[0-9]+")


@lru_cache(maxsize=512)
def widest(template: str) -> int:
    """The largest width or precision in a format."""
    directives = (directive for directive in parse_format(template) if isinstance(directive, tuple))
    return max((int(number[:10]) for flags, _ in directives for number in _NUMBERS.findall(flags)), default=0)


class Memory:
    """The account of one run.

    Attributes:
        steps: How many turns are left to loops before they pause: few while long strings are made, one at worst.
    """

    __slots__ = ("_charged", "_grown", "_held", "_largest", "_made", "proc", "steps")

    def __init__(self, proc: Process) -> None:
        self.proc = proc
        self.steps = STEPS
        self._held = self._charged = self._grown = self._largest = self._made = 0

    def make(self, size: int) -> None:
        """A string of so many characters is going to be made. The container may have no memory for it: the process dies here."""
        if size <= LIGHT:
            return
        self._made += size
        if size > self._largest:
            self._largest = size
            self.steps = min(self.steps, max(1, STEPS * LIGHT // size))
            self._charge(self._held + 2 * size)

    def hold_fields(self, text: str, separator: str) -> None:
        """A long text is going to be cut into fields: the same."""
        if len(text) > LIGHT:
            self.make(most_fields(text, separator) * ELEMENT_BYTES // 2)

    def join(self, left: str, right: str) -> str:
        """Two strings after one another."""
        if len(left) + len(right) > LIGHT:
            self.make(len(left) + len(right))
        return left + right

    async def work(self, size: int) -> int:
        """So much was added to a string that is being made: its memory is charged, and others run. Returns 0."""
        self._grown += size
        self._charge(self._held + self._grown)
        await self.proc.cpu(_WORK_COST_NS + size // BYTES_PER_NS)
        return 0

    def settle(self, scalars: Iterable[Any], arrays: Iterable[dict[str, Any]]) -> int:
        """Counts what variables and arrays hold by now. Returns the processor time (ns) that long strings took since."""
        held = sum(len(value) for value in scalars if isinstance(value, str))
        held += sum(len(array) * _element_bytes(array) for array in arrays if array)
        self._held = held if held > LIGHT else 0
        self._charge(self._held)
        made, self._made = self._made, 0
        self._largest, self._grown, self.steps = 0, 0, STEPS
        return made // BYTES_PER_NS

    def _charge(self, size: int) -> None:
        difference, self._charged = size - self._charged, size
        if difference:
            self.proc.charge_memory(difference)


def _element_bytes(array: dict[str, Any]) -> int:
    """What an element takes, judged by the first ones."""
    sample = [len(value) for value in islice(array.values(), _SAMPLE) if isinstance(value, str)]
    return ELEMENT_BYTES + (sum(sample) // len(sample) if sample else 0)
