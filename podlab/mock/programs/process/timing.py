"""time: what running a program took."""

from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.machine.process import WaitResult
from podlab.mock.machine.procfs.process import PAGE, SHARED_BYTES
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import run
from podlab.mock.programs.streams import to_bytes

USUAL: Final = "real\t%E\nuser\t%u\nsys\t%T"
POSIX: Final = "real %e\nuser %U\nsys %S"
VERBOSE: Final = "\n".join(
    f"\t{words}"
    for words in (
        'Command being timed: "%C"',
        "User time (seconds): %U",
        "System time (seconds): %S",
        "Percent of CPU this job got: %P",
        "Elapsed (wall clock) time (h:mm:ss or m:ss): %E",
        "Average shared text size (kbytes): %X",
        "Average unshared data size (kbytes): %D",
        "Average stack size (kbytes): %p",
        "Average total size (kbytes): %K",
        "Maximum resident set size (kbytes): %M",
        "Average resident set size (kbytes): %t",
        "Major (requiring I/O) page faults: %F",
        "Minor (reclaiming a frame) page faults: %R",
        "Voluntary context switches: %w",
        "Involuntary context switches: %c",
        "Swaps: %W",
        "File system inputs: %I",
        "File system outputs: %O",
        "Socket messages sent: %s",
        "Socket messages received: %r",
        "Signals delivered: %k",
        "Page size (bytes): %Z",
        "Exit status: %x",
    )
)
_NOT_COUNTED: Final = "XDpKtWsrk"
"""What Linux keeps no account of: the fields of getrusage(2) are there, and always zero."""
_NEVER: Final = "FIOc"
"""What never happens here: no page and no file is read from a disk or waits for one, and no process is put aside for another."""
_ESCAPES: Final = {"n": "\n", "t": "\t", "\\": "\\"}


@applet("time", "+vpao:f:", operands=(1, None))
async def time(call: Call) -> int:
    """Runs a program and prints what it took; of the flags and $TIME, -p decides, then -v, then -f."""
    proc, options = call.proc, call.options
    started = proc.kernel.now_ns
    result = await run(call, call.operands)
    values = _values(proc.kernel.now_ns - started, result, " ".join(call.operands))
    template = options.get("f")
    if template is None:
        template = proc.env.get("TIME", USUAL)
    if "v" in options:
        template = VERBOSE
    if "p" in options:
        template = POSIX
    fd = 2
    if (path := options.get("o")) is not None:
        fd = await proc.open(path, O_WRONLY | O_CREAT | (O_APPEND if "a" in options else O_TRUNC))
    text = ""
    if result.signal:
        text = f"Command terminated by signal {result.signal}\n"
    elif result.code:
        text = f"Command exited with non-zero status {result.code}\n"
    await proc.write(fd, to_bytes(text + fill_in(template, values, call.operands[0])))
    return result.signal or result.code


def fill_in(template: str, values: dict[str, str], command: str) -> str:
    """The template with what its signs stand for, and the end of the line; a sign that breaks off at the end ends the text."""
    found = []
    signs = iter(template)
    for char in signs:
        if char not in "%\\":
            found.append(char)
            continue
        sign = next(signs, "")
        if char == "%":
            found.append(values.get(sign, f"?{sign}"))
            if not sign:
                return "".join(found)
        elif not sign:
            return "".join([*found, "?\\", command, "\n"])
        else:
            found.append(_ESCAPES.get(sign, f"?\\{sign}"))
    return "".join([*found, "\n"])


def _values(elapsed_ns: int, result: WaitResult, command: str) -> dict[str, str]:
    """What each sign after a percent sign stands for."""
    used = result.usage
    return {
        **dict.fromkeys(_NOT_COUNTED + _NEVER, "0"),
        "%": "%",
        "C": command,
        "E": _clock(elapsed_ns),
        "e": _seconds(elapsed_ns),
        "u": _clock(used.cpu_ns),
        "U": _seconds(used.cpu_ns),
        "T": _clock(0),
        "S": _seconds(0),
        "P": f"{used.cpu_ns * 100 // elapsed_ns}%" if elapsed_ns else "?%",
        "M": str((used.peak_bytes + SHARED_BYTES) >> 10),
        "R": str(-(-used.peak_bytes // PAGE)),
        "w": str(used.switches),
        "Z": str(PAGE),
        "x": str(result.code),
    }


def _seconds(ns: int) -> str:
    return f"{ns // SECOND}.{ns % SECOND // 10_000_000:02d}"


def _clock(ns: int) -> str:
    seconds = ns // SECOND
    if seconds >= 3600:
        return f"{seconds // 3600}h {seconds // 60 % 60}m {seconds % 60:02d}s"
    return f"{seconds // 60}m {seconds % 60}.{ns % SECOND // 10_000_000:02d}s"
