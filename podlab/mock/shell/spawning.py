"""Children: programs, subshells, pipelines, background jobs."""

import errno
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process, Program
from podlab.mock.machine.signals import SIGINT, SIGQUIT, SIGTSTP, SIGTTOU, Disposition
from podlab.mock.shell import evaluator, redirection
from podlab.mock.shell.commandtext import command_text
from podlab.mock.shell.encoding import to_machine
from podlab.mock.shell.ending import run_to_exit
from podlab.mock.shell.errors import Exit, ShellError
from podlab.mock.shell.jobs import Job, Member
from podlab.mock.shell.lookup import not_found_words, path_entries
from podlab.mock.shell.syntax import Background, Node, Pipeline, Simple, Subshell
from podlab.mock.shell.trampoline import run as run_trampoline
from podlab.mock.shell.waiting import wait_for

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

Prepare = Callable[["Shell"], Awaitable[None]]

VARIABLE_COST_NS: Final = 300
"""What passing on a variable costs."""


def _calls(node: Node, name: str) -> bool:
    return isinstance(node, Simple) and bool(node.words) and node.words[0].source == name


def _is_lone_trap(node: Node) -> bool:
    return isinstance(node, Simple) and _calls(node, "trap") and len(node.words) == 1


@dataclass(frozen=True, slots=True)
class Role:
    """What a forked subshell is to its shell.

    Attributes:
        prepare: Arranges the child's descriptors.
        background: It runs beside the shell: without job control it has no input and ignores the keyboard's signals.
        substitution: It is a substitution: without `set -e`, and never in a process group of its own.
        compound: The command stands in parentheses, or is sent to the background: a lone `trap` or `jobs` shows its own then,
            not the parent's.
    """

    prepare: Prepare | None = None
    background: bool = False
    substitution: bool = False
    compound: bool = False


FOREGROUND: Final = Role()


def fork(shell: "Shell", job: Job | None, node: Node, flags: int, role: Role = FOREGROUND) -> None:
    """Forks a subshell that evaluates `node` and ends; it becomes a member of `job`, if there is one."""
    own_group = job is not None and job.own_group and not role.substitution and shell.level == 0
    members = job.members if job is not None else []
    without_input = role.background and not own_group and not members
    made: list[Shell] = []

    async def entry(process: Process) -> int:
        body = run_to_exit(made[0], _body(made[0], node, flags, role.prepare, without_input))
        return int(await run_trampoline(body, process.give_way))

    process = fork_process(shell, job, entry)
    child = shell.copy(process, show_traps=not role.compound and _is_lone_trap(node))
    made.append(child)
    if role.substitution:
        child.options.errexit = False
    if not role.compound and _calls(node, "jobs"):
        child.jobs.order = [other for other in shell.jobs.order if other is not job]
    if own_group:
        _enter_group(process, members[0].pid if members else 0, foreground=not role.background)
    elif role.background:
        child.traps.ignore(SIGINT)
        child.traps.ignore(SIGQUIT)
    _joined(shell, job, process, node, role.background)


async def _body(child: "Shell", node: Node, flags: int, prepare: Prepare | None, without_input: bool) -> None:
    """What a forked subshell does."""
    if without_input:
        if 0 in child.process.fds:
            child.process.close(0)
        await child.process.open("/dev/null")
    if prepare is not None:
        await prepare(child)
    await evaluator.evaluate(child, node, flags | evaluator.EXIT)


def fork_process(shell: "Shell", job: Job | None, entry: Program) -> Process:
    """Forks. Raises ShellError when there may be no more processes; the job is forgotten then."""
    try:
        return shell.process.fork(entry)
    except OSError as error:
        if job is not None:
            shell.jobs.forget(job)
        raise ShellError(f"can't fork: {strerror(error.errno or 0)}") from None


def _joined(shell: "Shell", job: Job | None, process: Process, node: Node | str, background: bool = False) -> None:
    """Notes a new child as a member of its job."""
    if job is None:
        return
    text = ""
    if shell.job_control:
        text = node if isinstance(node, str) else command_text(node)
    job.members.append(Member(process.pid, text))
    if background:
        shell.background_pid = process.pid
        shell.jobs.to_background(job)


def _enter_group(process: Process, group: int, foreground: bool) -> None:
    """Under job control: puts a child into its job's process group, and that group before the terminal."""
    process.setpgid(0, group)
    if foreground and process.tty is not None:
        process.tty.foreground = process.pgid
    for number in (SIGTSTP, SIGTTOU):
        process.signal(number, Disposition.DEFAULT)


# --- programs ---


async def run_program(shell: "Shell", path: str, argv: list[str], flags: int, search: str | None) -> int:
    """Runs a program; without a child when the shell would end after it anyway."""
    if flags & evaluator.EXIT and not shell.traps.may_run:
        await exec_program(shell, path, argv, search)
    job = shell.jobs.new(shell.job_control)
    own_group = job.own_group and shell.level == 0
    ignored = sorted(shell.traps.own_ignored)
    environment = shell.environment()
    await shell.process.cpu(VARIABLE_COST_NS * len(environment))

    async def entry(process: Process) -> int:
        for number in ignored:
            process.signal(number, Disposition.DEFAULT)
        error = await _try_exec(process, path, argv, environment, shell, search)
        return await _cannot_exec(process, shell, argv[0], error)

    process = fork_process(shell, job, entry)
    if own_group:
        _enter_group(process, 0, foreground=True)
    _joined(shell, job, process, " ".join(argv))
    return await wait_for(shell, job)


async def exec_program(shell: "Shell", path: str, argv: list[str], search: str | None, name: str | None = None) -> None:
    """Replaces the shell by a program. Raises Exit when that cannot be."""
    for number in sorted(shell.traps.own_ignored):
        shell.process.signal(number, Disposition.DEFAULT)
    words = [name, *argv[1:]] if name is not None else argv
    known = "/" in path or name is None
    error = await _try_exec(shell.process, path, words, shell.environment(), shell, search) if known else errno.ENOENT
    await shell.warn(f"{argv[0]}: {not_found_words(error)}")
    shell.status = _exec_status(error)
    raise Exit


def _exec_status(error: int) -> int:
    return 127 if error in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG) else 126


async def _cannot_exec(process: Process, shell: "Shell", name: str, error: int) -> int:
    """In a child that is no program after all: says why."""
    child = shell.copy(process)
    await child.warn(f"{name}: {not_found_words(error)}")
    return _exec_status(error)


async def _try_exec(
    process: Process, path: str, argv: list[str], environment: dict[str, str], shell: "Shell", search: str | None
) -> int:
    """Executes the file at `path` or, failing that, what later places in PATH have.

    Returns the error that says why none could be.
    """
    paths = [path]
    if "/" not in argv[0]:
        entries = path_entries(search or shell.variables.get("PATH") or "", argv[0])
        paths = entries[entries.index(path) :] if path in entries else [path, *entries]
    worst = errno.ENOENT
    for candidate in paths:
        error = await _exec_one(process, candidate, argv, environment)
        if "/" in argv[0] or error not in (errno.ENOENT, errno.ENOTDIR):
            worst = error
    return worst


async def _exec_one(process: Process, path: str, argv: list[str], environment: dict[str, str]) -> int:
    words = [to_machine(word) for word in argv]
    try:
        await process.exec(to_machine(path), words, environment)
    except OSError as error:
        if error.errno != errno.ENOEXEC:
            return error.errno or errno.ENOENT
    try:  # a text without `#!`: the shell runs it itself
        await process.exec("/bin/sh", ["ash", to_machine(path), *words[1:]], environment)
    except OSError:
        return errno.ENOEXEC


# --- compound children ---


async def subshell(shell: "Shell", node: Subshell, flags: int) -> int:
    """Runs `( ... )`."""
    targets = await redirection.expand_targets(shell, node.redirects)
    if flags & evaluator.EXIT and not shell.traps.may_run:
        await redirection.redirect(shell, targets, None)
        return await evaluator.evaluate(shell, node.command, flags)
    job = shell.jobs.new(shell.job_control)
    fork(shell, job, node.command, flags, Role(_redirecting(targets), compound=True))
    return await wait_for(shell, job)


async def background(shell: "Shell", node: Background, flags: int) -> int:
    """Starts `command &`."""
    targets = await redirection.expand_targets(shell, node.redirects)
    await (
        shell.process.settle()
    )  # what the shell has done takes its time before, so that the child comes after what the shell does next
    job = shell.jobs.new(shell.job_control)
    fork(shell, job, node.command, flags & ~evaluator.TESTED, Role(_redirecting(targets), background=True, compound=True))
    return 0


def _redirecting(targets: list[redirection.Target]) -> Prepare | None:
    """Carries out redirections in the child."""
    if not targets:
        return None

    async def prepare(child: "Shell") -> None:
        await redirection.redirect(child, targets, None)

    return prepare


async def pipeline(shell: "Shell", node: Pipeline, flags: int) -> int:
    """Runs the commands of a pipeline at once, each in its own child."""
    if node.background:
        await shell.process.settle()
    job = shell.jobs.new(shell.job_control)
    previous = -1
    last = len(node.commands) - 1
    for index, command in enumerate(node.commands):
        ends: tuple[int, int] | None = None
        if index < last:
            try:
                ends = shell.process.pipe()
            except OSError as error:
                if previous >= 0:
                    shell.process.close(previous)
                raise ShellError(f"can't create pipe: {strerror(error.errno or 0)}") from None
        fork(shell, job, command, flags, Role(_joint(previous, ends), background=node.background))
        if previous >= 0:
            shell.process.close(previous)
        previous = -1
        if ends is not None:
            previous = ends[0]
            shell.process.close(ends[1])
    return 0 if node.background else await wait_for(shell, job)


def _joint(reader: int, ends: tuple[int, int] | None) -> Prepare:
    """Arranges the descriptors of a pipeline's member."""

    async def prepare(child: "Shell") -> None:
        process = child.process
        if ends is not None:
            process.close(ends[0])
        if reader > 0:
            process.dup2(reader, 0)
            process.close(reader)
        if ends is not None and ends[1] > 1:
            process.dup2(ends[1], 1)
            process.close(ends[1])

    return prepare
