"""Built-ins that steer the shell: break, return, exit, exec, the dot, traps."""

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podlab.mock.machine.descriptors import O_CLOEXEC, OpenFile
from podlab.mock.machine.errors import strerror
from podlab.mock.machine.signals import SIGQUIT
from podlab.mock.shell import spawning
from podlab.mock.shell.builtin import OptionParser, number
from podlab.mock.shell.encoding import from_bytes, single_quote, to_machine
from podlab.mock.shell.errors import Exit, ShellError
from podlab.mock.shell.lookup import Program, find_program, path_entries
from podlab.mock.shell.reader import StringReader
from podlab.mock.shell.traps import ERR, signal_name, signal_number

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell


async def true(_shell: "Shell", _argv: list[str]) -> int:
    """Does nothing, with success."""
    return 0


async def false(_shell: "Shell", _argv: list[str]) -> int:
    """Does nothing, without success."""
    return 1


async def break_(shell: "Shell", argv: list[str]) -> int:
    """Leaves loops (`break`), or goes on with the next turn (`continue`)."""
    count = number(argv[1]) if len(argv) > 1 else 1
    if count <= 0:
        raise ShellError(f"Illegal number: {argv[1]}")
    count = min(count, shell.loop_depth)
    if count > 0:
        shell.skip = argv[0]
        shell.skip_count = count
    return 0


async def return_(shell: "Shell", argv: list[str]) -> int:
    """Leaves a function or a sourced file."""
    if len(argv) > 1:
        shell.skip = "return"
        return number(argv[1]) & 255
    shell.skip = "return-last"
    return shell.status


async def exit_(shell: "Shell", argv: list[str]) -> int:
    """Ends the shell."""
    if await warn_of_stopped_jobs(shell):
        return 0
    if len(argv) > 1 and (status := number(argv[1])) != -1:  # ash's mark for no operand at all
        shell.saved_status = status & 255
    raise Exit(explicit=True)


async def warn_of_stopped_jobs(shell: "Shell") -> bool:
    """In an interactive shell: says, once, that there are stopped jobs."""
    if not shell.options.interactive or shell.job_warning:
        return False
    if shell.jobs.order and shell.jobs.order[0].state == "stopped":
        await shell.err("You have stopped jobs.\n")
        shell.job_warning = 2
        return True
    return False


async def exec_(shell: "Shell", argv: list[str]) -> int:
    """Replaces the shell by a program; without one, lets redirections last."""
    options = OptionParser(argv, "a:")
    name: str | None = None
    while options.next():
        name = options.argument
    if not options.rest:
        return 0
    shell.options.interactive = False
    shell.options.monitor = False
    shell.level += 1
    shell.traps.apply(SIGQUIT)
    program = options.rest[0]
    # with -a, ash looks in PATH for the name that the program is to see
    found = Program(program) if "/" in program else find_program(shell, program if name is None else name)
    path = found.path if isinstance(found, Program) else program
    await spawning.exec_program(shell, path, options.rest, None, name)
    return 127


async def dot(shell: "Shell", argv: list[str]) -> int:
    """Runs the commands of a file in this shell."""
    options = OptionParser(argv, "")
    options.next()
    if not options.rest:
        return 2
    path = _find_sourced(shell, options.rest[0])
    script = await open_script(shell, path)
    shell.command_name = path
    parameters = shell.parameters
    was_file, shell.reading_file = shell.reading_file, True
    if len(options.rest) > 1:
        shell.parameters = options.rest[1:]
    try:
        return await shell.run_reader(StringReader(script.text, 1, shell.aliases, in_trap=shell.traps.depth > 0))
    except ShellError as error:
        await shell.report(error)
        raise
    finally:
        close_script(shell, script)
        shell.reading_file = was_file
        if len(options.rest) > 1:
            shell.parameters = parameters


def _find_sourced(shell: "Shell", name: str) -> str:
    """Where the file is: a name without a slash is looked up in PATH, where it need not be executable."""
    if "/" in name:
        return name
    for path in path_entries(shell.variables.get("PATH") or "", name):
        try:
            if stat.S_ISREG(shell.process.stat(to_machine(path)).mode):
                return path
        except OSError:
            continue
    raise ShellError(f"{name}: not found")


@dataclass(frozen=True, slots=True)
class OpenScript:
    """A script's text, and the descriptor on which the shell keeps its file open while it runs."""

    text: str
    fd: int
    file: OpenFile


async def open_script(shell: "Shell", path: str) -> OpenScript:
    """Opens a script and reads it; `close_script` ends it. Raises ShellError when it cannot be opened."""
    process = shell.process
    try:
        fd = await process.open(to_machine(path), O_CLOEXEC, lowest=10)
    except OSError as error:
        raise ShellError(f"can't open '{path}': {strerror(error.errno or 0)}") from None
    shell.own_descriptors.add(fd)
    try:
        text = from_bytes(await process.read_all(fd))
    except OSError:
        text = ""
    return OpenScript(text, fd, process.file(fd))


def close_script(shell: "Shell", script: OpenScript) -> None:
    """Closes a script, wherever redirections may have moved its descriptor."""
    fds = shell.process.fds
    fd = script.fd
    if fd not in shell.own_descriptors or fds.get(fd) is not script.file:
        fd = next((other for other in sorted(shell.own_descriptors) if fds.get(other) is script.file), -1)
    if fd >= 0:
        shell.own_descriptors.remove(fd)
        shell.process.close(fd)


async def trap(shell: "Shell", argv: list[str]) -> int:
    """Sets, resets or lists traps."""
    options = OptionParser(argv, "")
    options.next()
    operands = options.rest
    traps = shell.traps
    if not operands:
        shown = traps.shown if traps.shown is not None else traps.actions
        for signal in sorted(shown):
            name = "ERR" if signal == ERR else signal_name(signal)
            shell.out(f"trap -- {single_quote(shown[signal])} {name}\n")
        return 0
    action: str | None = None
    if len(operands) > 1 and not (operands[0].isdigit() and operands[0].isascii()):
        action = operands.pop(0)
        if action == "-":
            action = None
    status = 0
    for operand in operands:
        signal_or_none = signal_number(operand) if operand != "ERR" else 65
        if signal_or_none is None:
            await shell.warn(f"{operand}: invalid signal specification")
            status = 1
            continue
        traps.set(signal_or_none, action)
    return status


async def times(shell: "Shell", _argv: list[str]) -> int:
    """Shows the processor time used by the shell and by its children."""
    process = shell.process
    for nanoseconds in (process.cpu_ns, process.children_cpu_ns):
        seconds, rest = divmod(nanoseconds // 10_000_000, 100)
        shell.out(f"{seconds // 60}m{seconds % 60}.{rest * 10:03}s 0m0.000s\n")
    return 0
