"""The services that inetd itself gives: echo, discard, chargen, time, daytime."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.timezones import parse_zone

LINE: Final = 256
LARGEST: Final = 12 << 10
WIDTH: Final = 72
CHARACTERS: Final = bytes(range(32, 127))
EPOCH_1900: Final = 2_208_988_800

FORKING: Final = ("echo", "discard", "chargen")
"""Those that take a child for each connection."""


def generated(number: int) -> bytes:
    """A line of chargen's, counted from 0."""
    start = number % len(CHARACTERS)
    return (CHARACTERS[start:] + CHARACTERS[:start])[:WIDTH] + b"\r\n"


def machine_time(proc: Process) -> bytes:
    """Seconds since 1900, in four bytes."""
    return (proc.kernel.wall_ns // SECOND + EPOCH_1900 & 0xFFFF_FFFF).to_bytes(4, "big")


def day_time(proc: Process) -> bytes:
    """The time for people."""
    now = local_time(proc.kernel.wall_ns // SECOND, parse_zone(proc.env.get("TZ")))
    return strftime("%a %b %e %H:%M:%S %Y\r\n", now).encode()


async def _echo(proc: Process, fd: int) -> None:
    while data := await proc.read(fd, LINE):
        await proc.write(fd, data)


async def _discard(proc: Process, fd: int) -> None:
    while await proc.read(fd, LINE):
        pass


async def _chargen(proc: Process, fd: int) -> None:
    number = 0
    while True:
        await proc.write(fd, generated(number))
        number += 1


async def _time(proc: Process, fd: int) -> None:
    await proc.write(fd, machine_time(proc))


async def _daytime(proc: Process, fd: int) -> None:
    await proc.write(fd, day_time(proc))


_STREAMS: Final[dict[str, Callable[[Process, int], Awaitable[None]]]] = {
    "echo": _echo,
    "discard": _discard,
    "chargen": _chargen,
    "time": _time,
    "daytime": _daytime,
}


async def serve_stream(service: str, proc: Process, fd: int) -> None:
    """Serves one connection."""
    with suppress(OSError):
        await _STREAMS[service](proc, fd)


class Datagrams:
    """Answers datagrams."""

    def __init__(self) -> None:
        self._lines = 0

    async def serve(self, service: str, proc: Process, fd: int) -> None:
        """Answers the one that waits."""
        with suppress(OSError):
            data, source = await proc.recvfrom(fd, LARGEST)
            if answer := self._answer(service, proc, data):
                proc.sendto(fd, answer, source)

    def _answer(self, service: str, proc: Process, data: bytes) -> bytes:
        match service:
            case "echo":
                return data
            case "chargen":
                self._lines += 1
                return generated(self._lines - 1)
            case "time":
                return machine_time(proc)
            case "daytime":
                return day_time(proc)
        return b""
