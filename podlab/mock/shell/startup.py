"""Starting a shell: its arguments, profiles, and where its commands come from. `main` is the program `sh`."""

from typing import TYPE_CHECKING

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGHUP, Disposition
from podlab.mock.shell import evaluator
from podlab.mock.shell import options as option_table
from podlab.mock.shell.builtins import BUILTINS
from podlab.mock.shell.builtins.control import close_script, open_script
from podlab.mock.shell.builtins.environment import list_options, set_option_letter, set_option_name
from podlab.mock.shell.builtins.system import physical_path
from podlab.mock.shell.encoding import from_machine
from podlab.mock.shell.ending import finish, run_guarded, settle_status
from podlab.mock.shell.errors import Exit, Interrupt, ShellError
from podlab.mock.shell.interactive import Interactive
from podlab.mock.shell.jobcontrol import follow_monitor
from podlab.mock.shell.reader import BLOCK, Reader, StreamReader, StringReader
from podlab.mock.shell.shell import SETTABLE, Shell
from podlab.mock.shell.trampoline import run as run_trampoline
from podlab.mock.shell.variables import EXPORTED

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

__all__ = ["main"]


async def main(process: Process) -> int:
    """The program `sh` (and `ash`)."""
    shell = Shell(process, BUILTINS)
    return int(await run_trampoline(_run(shell), process.give_way))


class _Start:
    """What the arguments ask for.

    Attributes:
        command: The text after -c.
        script: The name of the script.
        login: Read the profiles.
    """

    __slots__ = ("command", "login", "script", "text")

    def __init__(self) -> None:
        self.command: str | None = None
        self.script: str | None = None
        self.text = ""
        self.login = False


async def _run(shell: Shell) -> int:
    start = _Start()
    ended = await run_guarded(shell, _prepare(shell, start))
    if ended is not None:
        return await finish(shell, ended)
    session = Interactive(shell) if shell.options.interactive else None
    if session is not None:
        await session.begin()
    for profile in _profiles(shell, start):
        ended = await run_guarded(shell, _profile(shell, profile))
        if ended is not None and (session is None or isinstance(ended, Exit)):
            return await finish(shell, ended)
        await _recover(shell, ended)
    if start.command is not None:
        ended = await run_guarded(shell, shell.run_string(start.command, evaluator.EXIT))
        if session is None or isinstance(ended, Exit) or not shell.options.stdin:
            return await finish(shell, ended)
        await _recover(shell, ended)
    if session is not None:
        return await finish(shell, await session.run())
    reader = _reader(shell, start)
    return await finish(shell, await run_guarded(shell, shell.run_reader(reader)))


async def _recover(shell: Shell, ended: BaseException | None) -> None:
    """After an error, an interactive shell goes on."""
    if ended is None:
        return
    settle_status(shell, ended)
    shell.variables.pop_scopes(0)
    if isinstance(ended, Interrupt):
        await shell.err("\n")


async def _prepare(shell: Shell, start: _Start) -> None:
    """Takes in the environment and the arguments."""
    _import_environment(shell)
    await _arguments(shell, start)
    if start.script is not None:
        try:
            start.text = (await open_script(shell, start.script)).text
        except ShellError as error:
            raise ShellError(error.message, 2) from None
        shell.reading_file = True
        shell.name = shell.command_name = start.script
    if shell.options.interactive:
        shell.process.signal(SIGHUP, Disposition.DEFAULT)
    shell.options_changed()
    if not shell.options.interactive:
        await follow_monitor(shell)


def _import_environment(shell: Shell) -> None:
    process = shell.process
    variables = shell.variables
    variables.import_environment(process.env)
    for name in SETTABLE:
        if name in process.env:
            variables.computed.pop(name, None)
    variables.set("PPID", str(process.ppid))
    level = variables.get("SHLVL") or ""
    variables.set("SHLVL", str((int(level) if level.isdigit() else 0) + 1), EXPORTED)
    if variables.get("HOSTNAME") is None:
        variables.set("HOSTNAME", process.uts.hostname)
    shell.cwd = physical_path(process)
    inherited = variables.get("PWD")
    if inherited is not None and inherited.startswith("/"):
        try:
            there, here = process.stat(shell.machine_path(inherited)), process.stat(".")
            if (there.dev, there.ino) == (here.dev, here.ino):
                shell.cwd = inherited
        except OSError:
            pass
    variables.set("PWD", shell.cwd, EXPORTED)


async def _arguments(shell: Shell, start: _Start) -> None:
    """Reads the options and operands of `sh`."""
    words = [from_machine(word) for word in shell.process.argv[1:]]
    start.login = shell.name.startswith("-")
    explicit: dict[str, bool] = {}
    turned_off: set[str] = set()  # until all arguments are read, an option that none of them names counts as on
    while words and words[0][:1] in ("-", "+"):
        word = words.pop(0)
        on = word[0] == "-"
        if word in ("-", "--"):
            break
        if on and word.startswith("--"):
            start.login = start.login or word == "--login"
            continue
        letters, dash, rest = word[1:].partition("-") if on else (word[1:], "", "")
        start.login = start.login or (bool(dash) and rest == "login")  # after a dash, letters are a long option
        for letter in letters:
            if letter in "csil":
                explicit[letter] = True
            elif letter != "o":
                set_option_letter(shell, letter, on)
                explicit[letter] = on
                if not on:
                    turned_off.add(option_table.LETTERS[letter])
            else:
                await _named_option(shell, words, on, turned_off)
    start.login = start.login or "l" in explicit
    if "c" in explicit and not words:
        raise ShellError("-c requires an argument")
    await _operands(shell, start, words, "c" in explicit, explicit)


async def _named_option(shell: Shell, words: list[str], on: bool, turned_off: set[str]) -> None:
    """`-o NAME` and `+o NAME`; a list of all options when no name follows."""
    if not words:
        list_options(shell, [name for name in option_table.NAMES if name not in turned_off], on)
        return
    if not on:
        turned_off.add(words[0])
    if not await set_option_name(shell, words, on):
        raise ShellError(None, 0)


async def _operands(shell: Shell, start: _Start, words: list[str], wants_command: bool, explicit: dict[str, bool]) -> None:
    options, process = shell.options, shell.process
    options.stdin = bool(explicit.get("s")) or not words
    options.command = wants_command
    options.interactive = bool(explicit.get("i")) or (
        options.stdin and not wants_command and process.isatty(0) and process.isatty(1)
    )
    if "m" not in explicit:
        options.monitor = options.monitor or options.interactive
    if wants_command:
        start.command = words.pop(0)
        shell.has_command_string = True
        if words:
            shell.name = shell.command_name = words.pop(0)
    elif not options.stdin:
        start.script = words.pop(0)
    shell.parameters = words


def _profiles(shell: Shell, start: _Start) -> list[str]:
    """The files that are read first."""
    profiles = []
    if start.login:
        profiles.append("/etc/profile")
        if shell.variables.get("HOME") is not None:
            profiles.append("$HOME/.profile")
    if shell.options.interactive and shell.variables.get("ENV"):
        profiles.append(shell.variables.get("ENV") or "")
    return profiles


async def _profile(shell: Shell, name: str) -> None:
    from podlab.mock.shell.simple import shell_prompt

    path = await shell_prompt(shell, name)
    try:
        script = await open_script(shell, path)
    except ShellError:
        return
    shell.reading_file = True
    try:
        await shell.run_reader(StringReader(script.text, 1, shell.aliases))
    finally:
        close_script(shell, script)
        shell.reading_file = False


def _reader(shell: Shell, start: _Start) -> Reader:
    """Where the commands come from."""
    if start.script is not None:
        return StringReader(start.text, 1, shell.aliases)

    async def more(_begun: bool) -> bytes:
        await shell.flush()
        while True:
            try:
                return await shell.process.read(0, BLOCK)
            except InterruptedError:
                await shell.after_interruption()
                if shell.traps.pending:
                    await shell.traps.run_pending()
            except OSError as error:
                raise ShellError(f"read error: {strerror(error.errno or 0)}") from None

    return StreamReader(more, shell.aliases)


if TYPE_CHECKING:
    Body = Coroutine[Any, Any, Any]
