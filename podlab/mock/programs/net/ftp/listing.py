"""The listings of FTP: what ls says, in a child, of what the client asks for."""

from dataclasses import replace
from typing import Final

from podlab.mock.machine.process import Process
from podlab.mock.programs.applet import APPLETS, Call, run
from podlab.mock.programs.files import ls as _declares_ls  # noqa: F401 - to have the applet
from podlab.mock.programs.process.running import wait_for

LONG: Final = ("-l", "-A", "-n", "--group-directories-first")
NAMES: Final = ("-1", "-A", "--group-directories-first")


async def listing(call: Call, what: str, flags: tuple[str, ...]) -> bytes:
    """What `ls` prints of a path, or of the directory; flags in `what` are left out. Complaints are the daemon's own."""
    proc = call.proc
    reader, writer = proc.pipe()
    daemon = f"ftpd[{proc.pid}]"
    path = what.partition(" ")[2] if what.startswith("-") else what

    async def body(child: Process) -> int:
        child.close(reader)
        child.dup2(writer, 1)
        child.close(writer)
        child.argv = ["ls", *flags, *([path] if path else [])]
        return await run(replace(APPLETS["ls"], name=daemon), child)

    child = proc.fork(body)
    proc.close(writer)
    text = await proc.read_all(reader)
    proc.close(reader)
    await wait_for(proc, child)
    return text
