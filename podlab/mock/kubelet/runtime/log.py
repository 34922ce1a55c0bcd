"""A container's log: the lines it printed, each with its time and stream, as the runtime's log file holds them.

A line stands in the log once it is ended by a newline, or is 16 KiB long, or its container has ended. At 10 MiB the file is
rotated, and what it held can no longer be read (the kubelet reads the newest file only). Lines stand in pages; all but the
newest page are compressed, so that a thousand chatty containers that run for hours cost little.
"""

import zlib
from array import array
from bisect import bisect_right
from collections.abc import Callable
from itertools import pairwise
from typing import Final, NamedTuple

from podlab.mock.kernel import Kernel
from podlab.mock.kubelet.runtime.types import Stream

MAX_BYTES: Final = 10 << 20
MAX_LINE: Final = 16_384
PREFIX_BYTES: Final = 46
"""What the time, the stream and the tag add to each line in the file; counted for rotation."""
PAGE_LINES: Final = 256
PAGE_BYTES: Final = 65_536
"""A page is full when it has so many lines, or so much text."""


class _Page(NamedTuple):
    """A full page. Times hold the stream in their last bit."""

    text: bytes
    ends: bytes
    times: bytes

    @classmethod
    def of(cls, text: bytearray, ends: "array[int]", times: "array[int]") -> "_Page":
        """Compresses what an open page holds; of numbers, what each adds to the one before, since that repeats."""
        return cls(zlib.compress(text, 1), _pack(ends), _pack(times))

    def open(self) -> "tuple[bytearray, array[int], array[int]]":
        """What `of` was given."""
        return bytearray(zlib.decompress(self.text)), _unpack("I", self.ends), _unpack("q", self.times)


def _pack(numbers: "array[int]") -> bytes:
    steps = array(numbers.typecode, numbers[:1])
    steps.extend(after - before for before, after in pairwise(numbers))
    return zlib.compress(steps, 1)


def _unpack(typecode: str, packed: bytes) -> "array[int]":
    numbers = array(typecode, zlib.decompress(packed))
    for index in range(1, len(numbers)):
        numbers[index] += numbers[index - 1]
    return numbers


class ContainerLog:
    """The log of one container.

    Attributes:
        ended: Nothing will be added.
        first: The number of the oldest line that is kept; lines are numbered from 0.
        end: The number that the next line will have.
        size: How large the file is, in bytes.
    """

    __slots__ = (
        "_ends", "_full", "_kernel", "_memo", "_open", "_starts", "_text", "_times", "end", "ended", "first", "listeners", "size"
    )  # fmt: skip

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel
        self._open: dict[Stream, bytearray] = {}
        self.end = 0
        self.ended = False
        self.listeners: list[Callable[[], None]] = []
        self._rotate()

    def write(self, stream: Stream, data: bytes) -> None:
        """The container printed something."""
        before = self.end
        pending = self._open.get(stream)
        if pending:
            data = bytes(pending) + data
            pending.clear()
        start = 0
        while start < len(data):
            newline = data.find(b"\n", start, start + MAX_LINE)
            stop = newline + 1 if newline >= 0 else start + MAX_LINE
            if newline < 0 and stop > len(data):
                self._open.setdefault(stream, bytearray()).extend(data[start:])
                break
            self._add(stream, data[start:stop])
            start = stop
        if self.end != before:
            self._tell()

    def finish(self) -> None:
        """The container has ended: what it printed without a last newline becomes lines."""
        for stream, pending in self._open.items():
            if pending:
                self._add(stream, bytes(pending))
        self._open.clear()
        self.ended = True
        self._tell()

    def line(self, number: int) -> tuple[int, Stream, bytes]:
        """Time (ns since boot), stream and text of a line that is kept."""
        begin, text, ends, times = self._page(number)
        index = number - begin
        stamp = times[index]
        return stamp >> 1, "stderr" if stamp & 1 else "stdout", bytes(text[ends[index - 1] if index else 0 : ends[index]])

    def since(self, time_ns: int) -> int:
        """The number of the first line that was written at `time_ns` or later."""
        low, high = self.first, self.end
        while low < high:
            middle = (low + high) // 2
            if self._stamp(middle) >> 1 < time_ns:
                low = middle + 1
            else:
                high = middle
        return low

    def tail(self, count: int, stream: Stream | None, begin: int) -> int:
        """From which line on `count` lines of a stream (None: of both) are left, not before `begin`."""
        number = self.end
        while number > begin and count > 0:
            number -= 1
            if stream is None or (self._stamp(number) & 1) == (stream == "stderr"):
                count -= 1
        return number

    def last_text(self, max_lines: int, max_bytes: int) -> str:
        """The end of the log, for termination messages that fall back to it."""
        begin = self.tail(max_lines, None, self.first)
        data = b"".join(self.line(number)[2] for number in range(begin, self.end))
        return data[-max_bytes:].decode(errors="replace")

    def _add(self, stream: Stream, text: bytes) -> None:
        if len(self._ends) >= PAGE_LINES or len(self._text) >= PAGE_BYTES:
            self._turn()
        self._text += text
        self._ends.append(len(self._text))
        self._times.append(self._kernel.now_ns << 1 | (stream == "stderr"))
        self.end += 1
        self.size += len(text) + PREFIX_BYTES
        if self.size > MAX_BYTES:
            self._rotate()

    def _turn(self) -> None:
        """The open page is full."""
        self._full.append(_Page.of(self._text, self._ends, self._times))
        self._starts.append(self.end)
        self._new_page()

    def _new_page(self) -> None:
        self._text, self._ends, self._times = bytearray(), array("I"), array("q")

    def _rotate(self) -> None:
        self.first = self.end
        self.size = 0
        self._full: list[_Page] = []
        self._starts = [self.end]
        self._memo: tuple[int, bytearray, array[int], array[int]] | None = None
        self._new_page()

    def _page(self, number: int) -> "tuple[int, bytearray, array[int], array[int]]":
        """The page of a line: the number of its first line, its text, and ends and times of its lines.

        Of the full pages, the one that was read last is kept open.
        """
        begin = self._starts[-1]
        if number >= begin:
            return begin, self._text, self._ends, self._times
        memo = self._memo
        if memo is None or not memo[0] <= number < memo[0] + len(memo[2]):
            index = bisect_right(self._starts, number) - 1
            memo = self._memo = (self._starts[index], *self._full[index].open())
        return memo

    def _stamp(self, number: int) -> int:
        begin, _, _, times = self._page(number)
        return times[number - begin]

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener()
