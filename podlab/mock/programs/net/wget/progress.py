"""The progress bar on standard error."""

from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs.applet import Call
from podlab.mock.programs.streams import to_text

STALLED_SECONDS: Final = 5
FIXED_WIDTH: Final = 48
"""What a line takes beside the bar."""
DEFAULT_WIDTH: Final = 80
LARGEST: Final = 99_999
UNITS: Final = " kMGTPEZY"


def short_size(value: int) -> str:
    """A number in five places: `97.6k`, ` 1000`."""
    if value <= LARGEST:
        return f"{value:>5}"
    tenths = 10 * value
    unit = 0
    while tenths >= 10 * 1024 and unit < len(UNITS) - 1:
        tenths //= 1024
        unit += 1
    if tenths < 1000:
        return f"{tenths // 10:>2}.{tenths % 10}{UNITS[unit]}"
    return f"{tenths // 10:>4}{UNITS[unit]}"


class Progress:
    """What is shown while a file comes in: a line at each whole second, and one at the end.

    Args:
        call: Whose standard error.
        name: Of the file.
        begin: How much was there before (`-c`).
    """

    def __init__(self, call: Call, name: str, begin: int) -> None:
        self.call = call
        self.name = name
        self.begin = begin
        self.drawn = False
        self._terminal = call.proc.isatty(2)
        self._start = self._last = self._changed = self._now()
        self._last_size = 0

    def _now(self) -> int:
        return self.call.proc.kernel.now_ns // SECOND

    async def update(self, transferred: int, total: int, last: bool = False) -> None:
        """Draws, if a second has begun since, or this is the `last` time. `total` is 0 when nobody knows."""
        now = self._now()
        if now == self._last and not last:
            return
        self._last = now
        if transferred != self._last_size:
            self._last_size, self._changed = transferred, now
        size = self.begin + transferred
        line = f"{to_text(self.name.encode(errors='surrogateescape'))[:20]:<20}"
        if total:
            width = max(self._width() - FIXED_WIDTH, 0)
            done = min(size, total)
            line += f" {100 * done // total:3}% |{'*' * (width * done // total):<{width}}|"
        line += f" {short_size(size)}"
        line += self._rest(now, transferred, total)
        await self.call.error(f"\r{line}" if self._terminal else f"{line}\n")
        self.drawn = True

    def _width(self) -> int:
        return (self.call.proc.tcgetwinsize(2)[1] if self._terminal else 0) or DEFAULT_WIDTH

    def _rest(self, now: int, transferred: int, total: int) -> str:
        elapsed = now - self._start
        if total and transferred + self.begin >= total:
            return "  0:00:00 ETA"
        if now - self._changed >= STALLED_SECONDS:
            return "  - stalled -"
        if not total or not transferred or elapsed <= 0:
            return " --:--:-- ETA"
        left = (total - self.begin - transferred) * elapsed // transferred
        hours, rest = divmod(left, 3600)
        return f" {hours:2}:{rest // 60:02}:{rest % 60:02} ETA"

    async def finish(self, transferred: int) -> None:
        """Draws the last line, when anything has come."""
        if transferred or self.drawn:
            await self.update(transferred, self.begin + transferred, last=True)
        if self.drawn and self._terminal:
            await self.call.error("\n")
