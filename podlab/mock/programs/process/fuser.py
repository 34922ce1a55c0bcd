"""fuser: who has files open, or sockets at ports."""

import re
from collections.abc import Iterator
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGKILL
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.options import parse
from podlab.mock.programs.process.signals import signal_number
from podlab.mock.programs.process.table import processes

_PORT: Final = re.compile(r"(\d+)/(\S{1,4})")
_SHORT_ADDRESS: Final = 8
"""Hexadecimal digits of an IPv4 address."""


class Wanted:
    """What processes are looked for by: files, whole file systems, or sockets."""

    def __init__(self, call: Call) -> None:
        self._proc = call.proc
        self._letters = "".join(letter for letter, _ in call.options.given)
        self._files: set[tuple[int, int]] = set()
        self._sockets: set[str] = set()

    async def add(self, name: str) -> None:
        """A file, or a port. Raises OSError."""
        port = _PORT.match(name)
        if port is not None and self._proc.exists(f"/proc/net/{port[2]}"):
            await self._add_port(int(port[1]), f"/proc/net/{port[2]}")
        else:
            found = self._proc.stat(name)
            self._files.add((found.dev, 0 if "m" in self._letters else found.ino))

    async def _add_port(self, port: int, table: str) -> None:
        for line in (await self._proc.read_text(table)).splitlines()[1:]:
            fields = line.split()
            address, _, number = fields[1].partition(":")
            short = len(address) == _SHORT_ADDRESS
            if int(number, 16) == port and not ("6" in self._letters if short else "4" in self._letters):
                self._sockets.add(f"socket:[{fields[9]}]")

    def used_by(self, process: Process) -> bool:
        """Whether a process uses any of them."""
        return any(self._is_wanted(link) for link in _links(process))

    def _is_wanted(self, link: str) -> bool:
        try:
            if self._sockets and self._proc.readlink(link) in self._sockets:
                return True
            found = self._proc.stat(link)
        except OSError:
            return False
        return (found.dev, 0 if "m" in self._letters else found.ino) in self._files


def _links(process: Process) -> Iterator[str]:
    """The names in /proc of what a process has open."""
    for name in ("cwd", "exe", "root", *(f"fd/{fd}" for fd in sorted(process.fds))):
        yield f"/proc/{process.pid}/{name}"


def _take_signal(words: list[str]) -> tuple[int, list[str]]:
    """The first word that is a signal's name or number behind a dash, and the other words."""
    for index, word in enumerate(words):
        if word == "--":
            break
        number = signal_number(word[1:]) if word.startswith("-") and word not in ("-4", "-6") else None
        if number is not None:
            return number, words[:index] + words[index + 1 :]
    return SIGKILL, words


@applet("fuser", None)
async def fuser(call: Call) -> int:
    """Prints who has files or ports open, and with -k ends them."""
    number, words = _take_signal(call.operands)
    call.options, names = parse("msk46", {}, words)
    if not names:
        call.usage()
    wanted = Wanted(call)
    for name in names:
        try:
            await wanted.add(name)
        except OSError as error:
            call.die_of(f"can't stat '{name}'", error)
    users = [process for process in processes(call.proc) if process is not call.proc and wanted.used_by(process)]
    failed = False
    for process in users:
        try:
            if "k" in call.options:
                call.proc.kill(process.pid, number)
        except OSError as error:
            await call.warn_of(f"kill pid {process.pid}", error)
            failed = True
        if "s" not in call.options:
            await call.out.write_text(f"{process.pid} ")
    if users and "s" not in call.options:
        await call.out.write(b"\n")
    return int(failed or not users)
