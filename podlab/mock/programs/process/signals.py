"""kill, killall, pidof, pgrep and pkill."""

import re
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import NAMES, NUMBERS, SIGTERM
from podlab.mock.programs.applet import Call, Die, applet
from podlab.mock.programs.numbers import INT_MAX, UINT_MAX, signed, unsigned
from podlab.mock.programs.options import parse
from podlab.mock.programs.process.table import processes
from podlab.mock.programs.regex import Regex, RegexError, compile_regex
from podlab.mock.programs.streams import to_bytes

RTMIN: Final = 34
RTMAX: Final = 64
LISTED: Final = {**{number: name for number, name in enumerate(NAMES) if number}, RTMIN: "RTMIN", RTMAX: "RTMAX"}


def signal_number(text: str) -> int | None:
    """The signal that a name (with or without SIG, in any case) or number means; None for none."""
    number = re.match(r"[0-9]+(?![0-9A-Za-z])", text)
    if number is not None:
        return int(number[0]) if int(number[0]) <= RTMAX else None
    name = text.upper().removeprefix("SIG")
    return {**NUMBERS, "RTMIN": RTMIN, "RTMAX": RTMAX, "POLL": NUMBERS["IO"]}.get(name)


async def list_signals(call: Call, words: list[str]) -> int:
    """-l: all signals, or the name or number of each that is named."""
    if not words:
        for number, name in LISTED.items():
            shown = "POLL" if name == "IO" else name
            await call.out.write_text(f"{number:2d}) {shown}\n")
        return 0
    for word in words:
        if not word[:1].isdigit():
            meant = signal_number(word)
            if meant is None:
                call.die(f"unknown signal '{word}'")
            await call.out.write_text(f"{meant}\n")
            continue
        try:
            status = unsigned(word, 0, UINT_MAX) & 0x7F
        except Die:
            call.die(f"unknown signal '{word}'")
        await call.out.write_text(f"{LISTED.get(status) or status or 'EXIT'}\n")
    return 0


def take_signal(call: Call, words: list[str]) -> tuple[int, list[str]]:
    """Reads `-SIG`, `-s SIG` or `-n SIG` at the beginning. Dies of one that does not exist."""
    if not words or not words[0].startswith("-"):
        return SIGTERM, words
    text = words[0][1:]
    rest = words[1:]
    if text == "-":
        return SIGTERM, rest
    if text == "s" and rest:
        text, rest = rest[0], rest[1:]
    number = signal_number(text)
    if number is None:
        call.die(f"bad signal name '{text}'")
    return number, rest


@applet("kill", None)
async def kill(call: Call) -> int:
    """Sends a signal to processes by number."""
    words = call.operands
    if words[:1] == ["-l"]:
        return await list_signals(call, words[1:])
    number, pids = take_signal(call, words)
    if not pids:
        call.die("you need to specify whom to kill")
    faults = 0
    for text in pids:
        try:
            pid = signed(text, -INT_MAX - 1, INT_MAX)
            call.proc.kill(pid, number)
        except Die:
            await call.warn(f"invalid number '{text}'")
            faults += 1
        except OSError as error:
            await call.warn_of(f"can't kill pid {pid}", error)
            faults += 1
    return faults & 0xFF


def named(proc: Process, name: str) -> list[Process]:
    """The processes of a program, by its name or the path that it was started by, oldest first."""
    found = []
    for process in processes(proc):
        first = process.argv[0] if process.argv and not process.ended else ""
        base = first.rpartition("/")[2]
        if name in (first, base) or ("/" in name and process.exe == name) or (len(name) <= 15 and process.comm == name):
            found.append(process)
    return found


@applet("killall", None)
async def killall(call: Call) -> int:
    """Sends a signal to processes by name."""
    words = call.operands
    if words[:1] == ["-l"]:
        return await list_signals(call, words[1:])
    quiet = False
    if words[:1] == ["-q"]:
        quiet, words = True, words[1:]
        if not words:
            call.usage()
    number, names = take_signal(call, words)
    if not names:
        call.die("you need to specify whom to kill")
    faults = 0
    for name in names:
        found = named(call.proc, name)
        if not found:
            faults += 1
            if not quiet:
                await call.warn(f"{name}: no process killed")
        faults += await _signal_all(call, found, number, quiet)
    return faults & 0xFF


async def _signal_all(call: Call, found: list[Process], number: int, quiet: bool) -> int:
    """Signals processes, but not itself. Returns how many could not be."""
    faults = 0
    for process in found:
        try:
            if process is not call.proc:
                call.proc.kill(process.pid, number)
        except OSError as error:
            faults += 1
            if not quiet:
                await call.warn_of(f"can't kill pid {process.pid}", error)
    return faults


@applet("pidof", "so:")
async def pidof(call: Call) -> int:
    """Prints the numbers of processes by name, newest first."""
    omitted = [str(call.proc.ppid) if text == "%PPID" else text for text in call.options.all("o")[::-1]]
    found: list[str] = []
    for name in call.operands:
        pids = [process.pid for process in named(call.proc, name)[::-1]]
        found += [str(pid) for pid in pids if all(unsigned(text) != pid for text in omitted)]
    if "s" in call.options:
        found = found[:1]
    if found:
        await call.out.write_text(" ".join(found) + "\n")
    return 0 if found else 1


class _Selection:
    """Which processes pgrep and pkill mean."""

    def __init__(self, call: Call) -> None:
        options = call.options
        if len(call.operands) > 1 or (not call.operands and not options.any("sP")):
            call.usage()
        self.call = call
        self.regex: Regex | None = None
        if call.operands:
            try:
                self.regex = compile_regex(to_bytes(call.operands[0]), extended=True)
            except RegexError as error:
                call.die(f"bad regex '{call.operands[0]}': {error}")
        self.session = unsigned(options.get("s", "0"), 0, INT_MAX) or call.proc.sid if "s" in options else None
        self.parent = unsigned(options.get("P", "0"), 0, INT_MAX) if "P" in options else None

    def found(self) -> list[tuple[Process, str]]:
        """The selected ones, each with the text that it was selected by; with -n or -o at most one."""
        options = self.call.options
        found = []
        for process in processes(self.call.proc):
            if process is not self.call.proc:
                texts = _names(process, "f" in options)
                found += [(process, text) for text in texts if self._fits(process, text) != ("v" in options)][:1]
        if "n" in options:
            return found[-1:]
        return found[:1] if "o" in options else found

    def _fits(self, process: Process, text: str) -> bool:
        if self.session is not None and process.sid != self.session:
            return False
        if self.parent is not None and process.ppid != self.parent:
            return False
        if self.regex is None:
            return True
        raw = to_bytes(text)
        spans = self.regex.search(raw)
        return spans is not None and ("x" not in self.call.options or spans[0] == (0, len(raw)))


def _names(process: Process, whole: bool) -> list[str]:
    """What a pattern may match: the command as it was given; or its first word, and the program's name where that is another."""
    words = [] if process.ended else process.argv
    if whole and words:
        return [" ".join(words)]
    if words and words[0].rpartition("/")[2].startswith(process.comm):
        return words[:1]
    return [*words[:1], process.comm]


@applet("pgrep", "vlafxons:P:")
async def pgrep(call: Call) -> int:
    """Prints the numbers of processes that match."""
    found = _Selection(call).found()
    for process, text in found:
        if "a" not in call.options:
            text = text.partition(" ")[0] if "l" in call.options else ""
        await call.out.write_text(f"{process.pid} {text}".rstrip(" ") + "\n")
    return 0 if found else 1


@applet("pkill", None)
async def pkill(call: Call) -> int:
    """Sends a signal to processes that match."""
    words = call.operands
    if words[:1] == ["-l"]:
        return await list_signals(call, [])
    number = SIGTERM
    if words and len(words[0]) > 1 and words[0][0] == "-" and (given := signal_number(words[0][1:])) is not None:
        number, words = given, words[1:]
    call.options, call.operands = parse("lvxfons:P:e", {}, words)
    if "l" in call.options:
        return await list_signals(call, [])
    code = 1
    for process, text in _Selection(call).found():
        try:
            call.proc.kill(process.pid, number)
        except OSError as error:
            await call.warn_of(f"kill pid {process.pid}", error)
            continue
        code = 0
        if "e" in call.options:
            await call.out.write_text(f"{text.partition(' ')[0]} killed (pid {process.pid})\n")
    return code
