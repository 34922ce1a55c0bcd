"""Built-ins on jobs: jobs, fg, bg, wait, kill."""

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import NAMES, SIGCONT, SIGTERM
from podlab.mock.shell import waiting
from podlab.mock.shell.builtin import OptionParser, number
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.jobs import Job, job_line
from podlab.mock.shell.traps import signal_name, signal_number

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell


_PID: Final = re.compile(r"-?[0-9]+(?= |$)")


def _job(shell: "Shell", name: str | None, controlled: bool = False) -> Job:
    found = shell.jobs.find(name)
    if isinstance(found, str):
        raise ShellError(found)
    if controlled and not found.own_group:
        raise ShellError(f"job {'(null)' if name is None else name} not created under job control")
    return found


async def jobs(shell: "Shell", argv: list[str]) -> int:
    """Lists jobs."""
    options = OptionParser(argv, "lp")
    with_pids = only_groups = False
    while letter := options.next():
        with_pids = with_pids or letter == "l"
        only_groups = only_groups or letter == "p"
    await waiting.collect_finished(shell)
    chosen = [_job(shell, name) for name in options.rest] if options.rest else list(shell.jobs.order)
    for job in chosen:
        shell.out(f"{job.members[0].pid}\n" if only_groups else show(shell, job, with_pids))
    return 0


def show(shell: "Shell", job: Job, with_pids: bool = False) -> str:
    """The line that tells of a job; one that is done is forgotten with it."""
    line = job_line(job, shell.jobs, with_pids)
    job.changed = False
    if job.state == "done":
        shell.jobs.forget(job)
    return line


async def fg(shell: "Shell", argv: list[str]) -> int:
    """Brings jobs to the foreground (`fg`), or lets them go on in the background (`bg`)."""
    foreground = argv[0] == "fg"
    options = OptionParser(argv, "")
    options.next()
    status = 0
    names: list[str | None] = [*options.rest] or [None]
    for name in names:
        job = _job(shell, name, controlled=True)
        if not foreground:
            shell.jobs.to_background(job)
            shell.out(f"[{job.number}] ")
        shell.out(job.text() + "\n")
        await shell.flush()
        status = await _restart(shell, job, foreground)
    return status


async def _restart(shell: "Shell", job: Job, foreground: bool) -> int:
    if job.state != "done":
        group = job.members[0].pid
        if foreground and shell.process.tty is not None:
            shell.process.tty.foreground = group
        shell.process.kill(-group, SIGCONT)
        for member in job.members:
            if member.stopped:
                member.result = None
        job.was = "running"
    return await waiting.wait_for(shell, job) if foreground else 0


async def wait(shell: "Shell", argv: list[str]) -> int:
    """Waits for children, and gives the status of the last that was named."""
    options = OptionParser(argv, "n")
    one = False
    while options.next():
        one = True
    if not options.rest:
        return await _wait_for_any(shell, one)
    status = 127
    for operand in options.rest:
        job = _job(shell, operand) if operand.startswith("%") else _job_of(shell, number(operand))
        if job is None:
            continue
        interrupted = await _wait_for_job(shell, job)
        if interrupted:
            return interrupted
        job.waited = True
        status = job.status(shell.options.pipefail)
    return status


def _job_of(shell: "Shell", pid: int) -> Job | None:
    return next((job for job in shell.jobs.order if job.members and job.members[-1].pid == pid), None)


def _interrupted(shell: "Shell") -> int:
    """The status of a `wait` that a trapped signal ended; 0 when none did."""
    shell.traps.check_interrupt()
    return 128 + shell.traps.arrived if shell.traps.arrived else 0


async def _wait_for_job(shell: "Shell", job: Job) -> int:
    while job.state == "running":
        try:
            found = await waiting.collect(shell, block=True)
        except InterruptedError:
            if status := _interrupted(shell):
                return status
            continue
        except OSError:
            break
        await waiting.announce_death(shell, found, job)
        if status := _interrupted(shell):
            return status
    await waiting.collect_finished(shell)
    return 0


async def _wait_for_any(shell: "Shell", one: bool) -> int:
    if one and not shell.jobs.order:
        return 127
    while True:
        running = False
        for job in shell.jobs.order:
            if job.state == "running":
                running = True
                break
            job.waited = True
        if not running:
            return 0
        outcome = await (_dead_or_alive(shell) if one else _collect_one(shell))
        if status := _interrupted(shell):
            return status
        if one:
            return outcome


async def _collect_one(shell: "Shell") -> int:
    """Waits until some child has ended, or a signal arrived."""
    with suppress(OSError):
        await waiting.collect(shell, block=True)
    return 0


async def _dead_or_alive(shell: "Shell") -> int:
    """What `wait -n` waits for in busybox 1.37: until a job ends with status 0, or all have ended; it is 0 then, or 129."""
    result = 129
    block = True
    while True:
        try:
            found = await waiting.collect(shell, block)
        except OSError:
            return result
        if found is None or found[0].state != "done":
            return result
        last = found[0].members[-1].result
        if last is not None and last.status == 0:
            result = 0
            block = False


async def kill(shell: "Shell", argv: list[str]) -> int:
    """Sends signals to processes and jobs."""
    operands = argv[1:]
    if operands[:1] == ["-l"]:
        return await _list_signals(shell, operands[1:])
    signal = SIGTERM
    if operands and operands[0].startswith("-"):
        name = operands.pop(0)[1:]
        if name != "-":
            if name == "s" and operands:
                name = operands.pop(0)
            found = signal_number(name)
            if found is None:
                await shell.complain(f"bad signal name '{name}'")
                return 1
            signal = found
    if not operands:
        await shell.complain("you need to specify whom to kill")
        return 1
    errors = 0
    for target in [target for operand in operands for target in _targets(shell, operand)]:  # a job that is none stops it all
        errors += await _send(shell, target, signal)
    await shell.process.settle()  # whoever dies of it does so before the shell goes on
    return errors


def _targets(shell: "Shell", operand: str) -> list[str]:
    """The pids that an operand stands for: a job's are those of its group, or of its members that live."""
    if not operand.startswith("%"):
        return [operand]
    job = _job(shell, operand)
    if job.own_group:
        return [f"-{job.members[0].pid}"]
    return [str(member.pid) for member in job.members if not member.done]


async def _send(shell: "Shell", target: str, signal: int) -> int:
    """Signals the processes of an operand: one may hold several numbers, with blanks between them."""
    errors = 0
    while target:
        target = target.lstrip()
        match = _PID.match(target)
        if match is None:
            await shell.complain(f"invalid number '{target}'")
            return errors + 1
        target = target[match.end() :]
        try:
            shell.process.kill(int(match[0]), signal)
        except OSError as error:
            await shell.complain(f"can't kill pid {int(match[0])}: {strerror(error.errno or 0)}")
            errors += 1
    return errors


async def _list_signals(shell: "Shell", operands: list[str]) -> int:
    if not operands:
        for signal in range(1, len(NAMES)):
            shell.out(f"{signal:2}) {signal_name(signal)}\n")
        shell.out("34) RTMIN\n64) RTMAX\n")
        return 0
    for operand in operands:
        if operand[:1].isdigit():
            if not operand.isdigit():
                await shell.complain(f"unknown signal '{operand}'")
                return 1
            shell.out(signal_name(int(operand) & 0x7F) + "\n")
            continue
        found = signal_number(operand)
        if found is None:
            await shell.complain(f"unknown signal '{operand}'")
            return 1
        shell.out(f"{found}\n")
    return 0
