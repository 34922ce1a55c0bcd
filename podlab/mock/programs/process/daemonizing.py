"""Going on in the background, as servers do that are started from a shell."""

from podlab.mock.machine.descriptors import O_RDWR
from podlab.mock.machine.process import Process, Program


async def daemonize(proc: Process, main: Program) -> None:
    """Leaves a child behind that goes on, away from the terminal."""

    async def body(child: Process) -> int:
        child.setsid()
        null = await child.open("/dev/null", O_RDWR)
        for fd in range(3):
            child.dup2(null, fd)
        child.close(null)
        return await main(child)

    proc.fork(body)
