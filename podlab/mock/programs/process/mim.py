"""mim: runs the commands that a file has for a word, as make does for a target."""

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import SHELL, wait_for
from podlab.mock.programs.streams import Reader, Writer

FILE: Final = "Mimfile"
_BLANKS: Final = b" \t"
_LINE: Final = 7
"""Of the script that the real program is, where it opens the file."""


@applet("mim", None)
async def mim(call: Call) -> int:
    """Lets a shell run what the file says; its exit code is the shell's."""
    proc, words = call.proc, call.operands
    path = FILE
    if len(words) > 1 and words[0] == "-f":
        path, words = words[1], words[2:]
    try:
        source = await proc.open(path)
    except OSError:
        await call.error(f"mim: line {_LINE}: can't open {path}: no such file\n")
        return 1
    reader, writer = proc.pipe()

    async def write(child: Process) -> int:
        child.close(reader)
        await _write(Reader(child, source), Writer(child, writer))
        return 0

    async def run(child: Process) -> int:
        child.close(writer)
        child.close(source)
        child.dup2(reader, 0)
        child.close(reader)
        await child.exec(SHELL, ["sh", "-s", *words])

    proc.fork(write)
    shell = proc.fork(run)
    for fd in (source, reader, writer):
        proc.close(fd)
    return (await wait_for(proc, shell)).status


async def _write(source: Reader, out: Writer) -> None:
    """Writes the script that a shell is to run, as the file is read."""
    with suppress(OSError):
        async for line in _script(source):
            await out.write(line + b"\n")
        await out.flush()


async def _script(source: Reader) -> AsyncIterator[bytes]:
    """A `case` that has a branch for each target; the first is the default."""
    begun = False
    while (line := await source.line()) and not source.unterminated:
        text = line[:-1].replace(b"\0", b"").strip(_BLANKS)
        if not text.endswith(b":"):
            if text:
                yield text
            continue
        if begun:
            yield b";;"
        else:
            yield b'[ $# -eq 0 ] && set -- "' + text[:-1] + b'"; TARGET="$1"; shift; case "$TARGET" in'
        begun = True
        yield text[:-1] + b")"
    if begun:
        yield b";;"
    yield b'*) echo "Unknown command $TARGET"; exit 1;; esac'
