"""tail, with -f and -F: what is added to files is shown as they grow, looked for each second of simulated time."""

import re
from dataclasses import dataclass

from podlab.mock.machine.errors import strerror
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.numbers import BKM, INT_MAX, UINT_MAX, unsigned
from podlab.mock.programs.options import Options, parse
from podlab.mock.programs.streams import to_bytes

OPTIONS = "fc:n:qs:vF"
CHUNK = 65_536


@dataclass(slots=True)
class _Followed:
    """A file that is looked at again and again; `fd` is -1 while it is not there."""

    name: str
    fd: int


@dataclass(frozen=True, slots=True)
class _Amount:
    """How much of the end: `count` lines or bytes from the end, or from the beginning on (`from_start`, counted from 1)."""

    count: int
    lines: bool
    from_start: bool


class _Tail:
    """One run of tail: which file's text was printed last decides where a header is due."""

    def __init__(self, call: Call, headers: bool) -> None:
        self.call = call
        self.headers = headers
        self.header = "==> {} <==\n"

    async def print_header(self, name: str) -> None:
        """Prints the header above a file's text."""
        await self.call.out.write(to_bytes(self.header.format(name)))
        self.header = "\n==> {} <==\n"


@applet("tail", None, write_error="write error")
async def tail(call: Call) -> int:
    """Prints the end of files."""
    words = call.operands
    if words and re.match(r"[+-]\d", words[0]):
        words = ["-n", words[0].removeprefix("-"), *words[1:]]
    options, files = parse(OPTIONS, {}, words)
    amount = _amount(options)
    period = unsigned(options.get("s", "1"), 0, INT_MAX)
    retry = "F" in options
    code = 0
    followed = []
    for name in files or ["-"]:
        try:
            fd = 0 if name == "-" else await call.proc.open(name)
        except OSError as error:
            await call.warn(f"can't open '{name}': {strerror(error.errno or 0)}")
            code = 1
            fd = -1
        if fd >= 0 or retry:
            followed.append(_Followed(name, fd))
    if not followed:
        call.die("no files")
    run = _Tail(call, "v" in options or (len(followed) > 1 and "q" not in options))
    for file in followed:
        if file.fd >= 0:
            if run.headers:
                await run.print_header(file.name)
            code |= await _print_end(call, file.fd, amount)
    if retry or "f" in options:
        await call.out.flush()
        await _follow(run, followed, period, retry)
    return code


def _amount(options: Options) -> _Amount:
    """What is wanted: bytes as soon as -c is given, as many as -n tells, else -c; from the start when either has a plus."""
    texts = [text for text in (options.get("c"), options.get("n")) if text is not None]
    counts = [unsigned(text[1:] if text[:1] in ("+", "-") else text, 0, UINT_MAX, BKM) for text in texts]
    given = [text for letter, text in options.given if letter in "cn"]
    return _Amount(counts[-1] if counts else 10, "c" not in options, any(text.startswith("+") for text in given))


async def _print_end(call: Call, fd: int, amount: _Amount) -> int:
    """Prints the wanted end of an open file; returns 1 when it could not be read."""
    try:
        if amount.from_start:
            await _print_from(call, fd, amount)
        else:
            await _print_last(call, fd, amount)
    except OSError as error:
        if error is call.out.failed:
            raise
        await call.warn(f"read error: {strerror(error.errno or 0)}")
        return 1
    return 0


async def _print_from(call: Call, fd: int, amount: _Amount) -> None:
    skip = max(amount.count - 1, 0)
    while data := await call.proc.read(fd, CHUNK):
        await call.proc.cpu(len(data))
        if skip and not amount.lines:
            cut = min(skip, len(data))
            skip, data = skip - cut, data[cut:]
        elif skip:
            skip, data = _without_lines(data, skip)
        await call.out.write(data)


def _without_lines(data: bytes, skip: int) -> tuple[int, bytes]:
    """Takes up to `skip` lines from the beginning; returns how many are still to be taken, and the rest."""
    count = data.count(b"\n")
    if count < skip:
        return skip - count, b""
    return 0, data.split(b"\n", skip)[skip]


async def _print_last(call: Call, fd: int, amount: _Amount) -> None:
    """Keeps only as much of the input as may be its end."""
    held: list[bytes] = []
    size = lines = 0
    proc = call.proc
    while data := await proc.read(fd, CHUNK):
        await proc.cpu(len(data))
        proc.charge_memory(len(data))
        held.append(data)
        size += len(data)
        lines += data.count(b"\n")
        while len(held) > 1 and (
            lines - held[0].count(b"\n") > amount.count if amount.lines else size - len(held[0]) >= amount.count
        ):
            gone = held.pop(0)
            size -= len(gone)
            lines -= gone.count(b"\n")
            proc.charge_memory(-len(gone))
    text = b"".join(held)
    if not amount.lines:
        await call.out.write(text[max(size - amount.count, 0) :])
    elif amount.count:
        start = len(text) - text.endswith(b"\n")
        for _ in range(amount.count):
            start = text.rfind(b"\n", 0, start)
            if start < 0:
                break
        await call.out.write(text[start + 1 :])
    proc.charge_memory(-size)


async def _follow(run: _Tail, files: list[_Followed], period: int, retry: bool) -> None:
    """Prints what is added, for ever."""
    call, proc = run.call, run.call.proc
    last = files[-1]
    while True:
        await proc.sleep(period)
        for file in files:
            if retry:
                await _reopen(call, file)
            if file.fd < 0:
                continue
            _rewind(call, file.fd)
            while data := await proc.read(file.fd, CHUNK):
                if file is not last and run.headers:
                    await run.print_header(file.name)
                last = file
                await call.out.write(data)
            await call.out.flush()


def _rewind(call: Call, fd: int) -> None:
    """Goes back to the beginning of a file that was cut."""
    file = call.proc.file(fd)
    if file.inode is not None and 0 < file.inode.size < file.offset:
        call.proc.lseek(fd, 0)


async def _reopen(call: Call, file: _Followed) -> None:
    """-F: looks whether the name means another file now; until it does, the old file is followed."""
    proc = call.proc
    was_open = file.fd >= 0
    if was_open:
        old = proc.fstat(file.fd)
        try:
            new = proc.stat(file.name)
        except OSError:
            pass
        else:
            if (new.ino, new.dev) == (old.ino, old.dev):
                return
    try:
        fd = await proc.open(file.name)
    except OSError as error:
        if was_open:
            await call.warn_of(f"{file.name} has been renamed or deleted", error)
        return
    if was_open:
        proc.close(file.fd)
    file.fd = fd
    await call.warn(f"{file.name} has {'been replaced' if was_open else 'appeared'}; following end of new file")
