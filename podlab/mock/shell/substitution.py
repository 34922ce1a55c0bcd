"""Command and process substitution, and the writers of long here-documents."""

from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGHUP, SIGINT, SIGQUIT, SIGTSTP, Disposition
from podlab.mock.shell.encoding import from_bytes
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.spawning import Role, fork, fork_process
from podlab.mock.shell.syntax import Node, ProcessSubstitution
from podlab.mock.shell.waiting import wait_for

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_FIRST_DESCRIPTOR: Final = 64
_CHUNK: Final = 65_536


async def command_output(shell: "Shell", body: Node | None) -> str:
    """Runs a command substitution and gives what it printed, without the newlines at the end."""
    if body is None:
        return ""
    try:
        reader, writer = shell.process.pipe()
    except OSError as error:
        raise ShellError(f"can't create pipe: {strerror(error.errno or 0)}") from None
    job = shell.jobs.new(own_group=False)

    async def prepare(child: "Shell") -> None:
        process = child.process
        process.close(reader)
        if writer != 1:
            process.dup2(writer, 1)
            process.close(writer)

    fork(shell, job, body, 0, Role(prepare, substitution=True))
    shell.process.close(writer)
    chunks: list[bytes] = []
    while True:
        try:
            data = await shell.process.read(reader, _CHUNK)
        except InterruptedError:
            continue
        if not data:
            break
        data = data.replace(b"\0", b"")
        if len(data) > 4096:
            shell.charge_transient(len(data))
        chunks.append(data)
    shell.process.close(reader)
    shell.substitution_status = await wait_for(shell, job)
    return from_bytes(b"".join(chunks)).rstrip("\n")


async def process_substitution(shell: "Shell", piece: ProcessSubstitution) -> str:
    """Runs a process substitution beside the shell and gives the name of the pipe to it or from it."""
    if piece.body is None:
        return "/dev/fd/-1"
    reader, writer = shell.process.pipe()
    mine, its = (reader, writer) if piece.reading else (writer, reader)

    async def prepare(child: "Shell") -> None:
        process = child.process
        process.close(mine)
        wanted = 1 if piece.reading else 0
        if its != wanted:
            process.dup2(its, wanted)
            process.close(its)

    fork(shell, None, piece.body, 0, Role(prepare, substitution=True))
    shell.process.close(its)
    kept = shell.process.dup(mine, _FIRST_DESCRIPTOR)
    shell.process.close(mine)
    shell.substitutions.append(kept)
    return f"/dev/fd/{kept}"


def fork_writer(shell: "Shell", reader: int, writer: int, data: bytes) -> None:
    """Starts a process that writes a long here-document into its pipe."""

    async def entry(process: Process) -> int:
        process.close(reader)
        for number in (SIGINT, SIGQUIT, SIGHUP, SIGTSTP):
            process.signal(number, Disposition.IGNORE)
        await process.write(writer, data)
        return 0

    fork_process(shell, None, entry)
