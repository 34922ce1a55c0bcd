"""Waiting for children, and taking note of how they ended."""

from typing import TYPE_CHECKING

from podlab.mock.machine.signals import SIGINT
from podlab.mock.shell.jobs import Job, Member, death_notice

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell


async def collect(shell: "Shell", block: bool) -> tuple[Job, Member] | None:
    """Takes note of one child that ended or stopped.

    Returns:
        Whose it was; None when there is none (left), or it belongs to no job.

    Raises:
        InterruptedError: While blocking, a signal with a trap arrived.
        ChildProcessError: There is no child.
    """
    result = await shell.process.waitpid(-1, nohang=not block, untraced=shell.job_control)
    return None if result is None else shell.jobs.record(result)


async def collect_finished(shell: "Shell") -> None:
    """Takes note of all children that have ended."""
    try:
        while (result := await shell.process.waitpid(-1, nohang=True, untraced=shell.job_control)) is not None:
            shell.jobs.record(result)
    except OSError:
        return


async def wait_for(shell: "Shell", job: Job) -> int:
    """Waits until a job in the foreground has ended (or stopped), and gives its status."""
    while job.state == "running":
        try:
            found = await collect(shell, block=True)
        except InterruptedError:
            continue
        except OSError:
            break
        await announce_death(shell, found, job)
    await collect_finished(shell)
    status = job.status(shell.options.pipefail)
    if job.own_group:
        _take_terminal_back(shell)
        if any(member.result is not None and member.result.signal == SIGINT for member in job.members):
            shell.process.kill(shell.process.pid, SIGINT)
    if job.state == "done":
        shell.jobs.forget(job)
    return status


def _take_terminal_back(shell: "Shell") -> None:
    if shell.process.tty is not None and shell.terminal_fd >= 0:
        shell.process.tty.foreground = shell.process.pgid


async def announce_death(shell: "Shell", found: tuple[Job, Member] | None, job: Job) -> None:
    """Says so when a member of the job that is waited for was killed."""
    if found is not None and found[0] is job and found[1].result is not None:
        notice = death_notice(found[1].result)
        if notice:
            await shell.err(notice + "\n")
