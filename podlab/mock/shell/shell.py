"""A shell: its state, and the services that its parts share.

`evaluator` walks the tree, `simple` runs simple commands, `spawning` makes children, `expansion` expands words, `main` starts
and ends it.
"""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.process import Process
from podlab.mock.machine.signals import SIGINT, SIGQUIT, SIGTERM
from podlab.mock.shell import evaluator, substitution
from podlab.mock.shell.encoding import from_machine, to_bytes, to_machine
from podlab.mock.shell.errors import ShellError, ShellSyntaxError
from podlab.mock.shell.expansion import Expander
from podlab.mock.shell.jobs import JobTable
from podlab.mock.shell.options import Options
from podlab.mock.shell.prompt import account
from podlab.mock.shell.randomness import RandomNumbers
from podlab.mock.shell.reader import Reader, StringReader
from podlab.mock.shell.redirection import Frame
from podlab.mock.shell.syntax import Function, Node, ProcessSubstitution
from podlab.mock.shell.traps import Traps
from podlab.mock.shell.variables import VariableTable, check_name

if TYPE_CHECKING:
    from podlab.mock.shell.builtin import Builtin
    from podlab.mock.shell.lineedit import LineEditor

_BIG: Final = 4096
SETTABLE: Final = ("LINENO", "FUNCNAME")
"""Variables that are computed until somebody sets them."""


class Shell:
    """One shell process.

    Attributes:
        process: The process that it runs in.
        applet: What it was called as (`sh`), in messages of commands that are applets too.
        name: `$0`.
        command_name: The command that a message is about: the script, or the built-in that runs; "" for none.
        level: 0 for the shell itself, more in subshells.
        root_pid: `$$`.
        status: `$?`.
        saved_status: While a trap runs: the status that `exit` without an operand gives.
        substitution_status: The status of the last command substitution, for a command that has no name.
        skip: Why commands are being skipped: "break", "continue", "return" (with a status), "return-last" (without); else "".
        input_line: The line up to which commands have been read.
        line: The line that messages name; `lineno` is `$LINENO`.
        reading_file: The command being run was read from a file, not a string or a terminal.
        trace_fd: Where `set -x` writes.
        frames: The redirections in force, outermost first; `inherited_frames` those of the shell that forked this subshell.
    """

    __slots__ = (
        "aliases",
        "applet",
        "background_pid",
        "builtins",
        "charged",
        "command_name",
        "cwd",
        "editor",
        "expander",
        "frames",
        "function_depth",
        "function_name",
        "functions",
        "has_command_string",
        "hashed",
        "ifs",
        "inherited_frames",
        "input_line",
        "job_control",
        "job_warning",
        "jobs",
        "level",
        "line",
        "lineno",
        "loop_depth",
        "name",
        "nesting",
        "option_index",
        "option_offset",
        "options",
        "output",
        "own_descriptors",
        "parameters",
        "process",
        "random",
        "reading_file",
        "root_pid",
        "saved_status",
        "skip",
        "skip_count",
        "status",
        "substitution_status",
        "substitutions",
        "terminal_fd",
        "trace_fd",
        "tracing_prompt",
        "transient",
        "traps",
        "variables",
    )

    def __init__(self, process: Process, builtins: Mapping[str, "Builtin"]) -> None:
        self.process = process
        self.builtins = builtins
        self.options = Options()
        self.variables = VariableTable()
        self.functions: dict[str, Function] = {}
        self.aliases: dict[str, str] = {}
        self.hashed: dict[str, str] = {}
        self.parameters: list[str] = []
        self.applet = self.name = from_machine(process.argv[0] if process.argv else "sh")
        self.command_name = ""
        self.level = 0
        self.root_pid = process.pid
        self.background_pid = 0
        self.has_command_string = False
        self.jobs = JobTable()
        self.random = RandomNumbers(self._random_seed)
        self.option_index = 1
        self.option_offset = -1
        self.own_descriptors: set[int] = set()
        self.editor: LineEditor | None = None
        self.job_control = False
        self.job_warning = 0
        self.terminal_fd = -1
        self.cwd = process.cwd
        self.charged: dict[str, int] = {}
        self._start()
        self.traps = Traps(self)
        self.follow_variables()

    def _start(self) -> None:
        """The state that every shell and subshell begins with."""
        self.expander = Expander(self)
        self.status = 0
        self.saved_status: int | None = None
        self.substitution_status = 0
        self.skip = ""
        self.skip_count = 0
        self.loop_depth = 0
        self.function_depth = 0
        self.function_name = ""
        self.line = self.lineno = self.input_line = 0
        self.reading_file = False
        self.trace_fd = 2
        self.tracing_prompt = False
        self.transient = 0
        self.nesting = 0
        self.output: list[str] = []
        self.substitutions: list[int] = []
        self.frames: list[Frame] = []
        self.inherited_frames: list[Frame] = []
        self.ifs = " \t\n"

    def copy(self, process: Process, show_traps: bool = False) -> "Shell":
        """A subshell of this shell, in a process forked from its."""
        new = Shell.__new__(Shell)
        new._start()
        new.process = process
        for name in _SHARED:
            setattr(new, name, getattr(self, name))
        new.level = self.level + 1
        new.options = self.options.copy()
        new.variables = self.variables.copy()
        new.functions = self.functions.copy()
        new.aliases = self.aliases.copy()
        new.hashed = self.hashed.copy()
        new.parameters = list(self.parameters)
        new.jobs = JobTable()
        new.random = RandomNumbers(new._random_seed)
        new.own_descriptors = set()
        for fd in sorted(self.own_descriptors - {self.terminal_fd}):
            process.close(fd)
        new.inherited_frames = [Frame(frame.saved.copy()) for frame in (*self.inherited_frames, *self.frames)]
        new.editor = None
        new.job_control = False
        new.terminal_fd = -1
        new.charged = {}
        new.job_warning = 0
        new.traps = Traps(new)
        new.traps.inherit(self.traps, show_traps)
        new.follow_variables(self.variables)
        return new

    def follow_variables(self, parent: VariableTable | None = None) -> None:
        """Connects the variables that the shell itself computes or watches."""
        table = self.variables
        kernel = self.process.kernel
        computed = {
            "LINENO": lambda: str(self.lineno),
            "FUNCNAME": lambda: self.function_name,
            "RANDOM": lambda: str(self.random.next()),
            "EPOCHSECONDS": lambda: str(kernel.wall_ns // 1_000_000_000),
            "EPOCHREALTIME": lambda: "{}.{:06d}".format(*divmod(kernel.wall_ns // 1000, 1_000_000)),
        }
        table.computed = {name: compute for name, compute in computed.items() if parent is None or name in parent.computed}
        table.on_set = {"PATH": self._path_set, "OPTIND": self._optind_set, "RANDOM": self._random_set, "IFS": self._ifs_set}
        table.on_set |= {name: partial(self._computed_set, name) for name in SETTABLE}
        self._ifs_set(table.values.get("IFS"))

    def _random_seed(self) -> int:
        process = self.process
        return process.kernel.random(f"shell/{process.pid}").getrandbits(31)

    def _computed_set(self, name: str, _: str | None) -> None:
        self.variables.computed.pop(name, None)

    def _path_set(self, _: str | None) -> None:
        self.hashed.clear()

    def _optind_set(self, value: str | None) -> None:
        self.option_index = (int(value) if value and value.isdigit() else 0) or 1
        self.option_offset = -1

    def _random_set(self, value: str | None) -> None:
        if value is not None:
            digits = value.lstrip()[:20]
            self.random.seed(int(digits) if digits.isdigit() else 0)

    def _ifs_set(self, value: str | None) -> None:
        self.ifs = " \t\n" if value is None else value

    # --- parameters and variables ---

    def special_parameter(self, name: str) -> str | None:
        """The value of `$$`, `$?`, `$#`, `$!`, `$-`, `$0`, `$1` ...; None when it is unset."""
        match name:
            case "?":
                return str(self.status)
            case "#":
                return str(len(self.parameters))
            case "$":
                return str(self.root_pid)
            case "!":
                return str(self.background_pid) if self.background_pid else None
            case "-":
                return self.options.flags()
            case "0":
                return self.name
        index = int(name)
        if index == 0:
            return self.name
        return self.parameters[index - 1] if index <= len(self.parameters) else None

    def assign(self, name: str, value: str, flags: int = 0) -> None:
        """Sets a variable, whatever its name is; large values count as memory of the container."""
        check_name(name)
        if len(value) > _BIG or name in self.charged:
            before = self.charged.pop(name, 0)
            now = len(value) if len(value) > _BIG else 0
            self.process.charge_memory(now - before)
            if now:
                self.charged[name] = now
        self.variables.set(name, value, flags)

    def charge_transient(self, size: int) -> None:
        """Counts memory that is held until the current command has ended."""
        self.transient += size
        self.process.charge_memory(size)

    def release_transient(self) -> None:
        """Gives that memory back."""
        if self.transient:
            size, self.transient = self.transient, 0
            self.process.charge_memory(-size)

    async def home_directory(self, user: str) -> str | None:
        """What `~user` stands for; None when there is no such user (or, without a name, no HOME)."""
        if not user:
            return self.variables.get("HOME")
        entry = await account(self.process, lambda fields: fields[0] == user)
        return entry[5] if entry is not None else None

    def lexists(self, path: str) -> bool:
        """Whether there is something at `path`, be it a dangling link."""
        try:
            self.process.lstat(path)
        except OSError:
            return False
        return True

    # --- output and messages ---

    def out(self, text: str) -> None:
        """Prints to standard output, when the built-in ends (`flush`)."""
        self.output.append(text)

    async def flush(self) -> int:
        """Writes what built-ins printed. Returns 1 when that failed, else 0."""
        if not self.output:
            return 0
        data = to_bytes("".join(self.output))
        self.output.clear()
        return 0 if await self.write(1, data) is None else 1

    async def write(self, fd: int, data: bytes) -> OSError | None:
        """Writes all of `data`, going on after a trapped signal. Returns what went wrong."""
        while True:
            try:
                await self.process.write(fd, data)
            except InterruptedError:
                await self.after_interruption()
                continue
            except OSError as error:
                return error
            return None

    async def err(self, text: str) -> None:
        """Prints to standard error."""
        await self.write(2, to_bytes(text))

    async def complain(self, message: str) -> None:
        """Prints a message of a command that is an applet too (`test`, `printf`, `kill`): it names the applet.

        What the command printed before comes first.
        """
        await self.flush()
        await self.err(f"{self.applet.rpartition('/')[2].lstrip('-')}: {message}\n")

    async def warn(self, message: str, line: int | None = None) -> None:
        """Prints a message of the shell: who says it, about what, and in which line of a script."""
        prefix = f"{self.name}: "
        if self.command_name:
            if self.command_name != self.name:
                prefix += f"{self.command_name}: "
            if not self.options.interactive or self.reading_file:
                prefix += f"line {self.line if line is None else line}: "
        await self.err(f"{prefix}{message}\n")

    async def report(self, error: ShellError) -> None:
        """Prints an error's message, once, and takes over its status."""
        if error.message is not None:
            message, error.message = error.message, None
            if error.line is not None:
                self.line = error.line
            await self.flush()
            await self.warn(message)
        self.status = error.status

    # --- running ---

    async def evaluate(self, node: Node, flags: int = 0) -> int:
        """Runs a command; see `evaluator.evaluate`."""
        return await evaluator.evaluate(self, node, flags)

    async def run_string(self, text: str, flags: int) -> int:
        """Runs the commands of a text (`eval`, a trap, `-c`)."""
        reader = StringReader(text, self.lineno, self.aliases, in_trap=self.traps.depth > 0)
        was_file, self.reading_file = self.reading_file, False
        was_line = self.input_line
        status = 0
        try:
            while True:
                reader.running_line = self.lineno
                command = reader.next_now()
                if command is None:
                    break
                if command.node is None:
                    continue
                self.input_line = command.end_line
                status = await self.evaluate(command.node, flags if command.last else flags & ~evaluator.EXIT)
                if self.skip:
                    break
        except ShellSyntaxError as error:
            if self.traps.depth:
                error.line = self.lineno
            await self.report(error)
            raise
        finally:
            self.reading_file = was_file
            self.input_line = was_line
        return status

    async def run_reader(self, reader: Reader) -> int:
        """Runs all commands of a script (`.`, a profile, the script itself)."""
        status = 0
        while (command := await self.next_command(reader)) is not None:
            if command.node is not None:
                status = await self.evaluate(command.node, 0)
            if self.skip:
                if self.skip.startswith("return"):
                    self.skip = ""
                break
        return status

    async def next_command(self, reader: Reader) -> "evaluator.Command | None":
        """Reads a command, showing it with `set -v`."""
        reader.running_line = self.lineno
        try:
            command = await reader.next()
        except ShellSyntaxError as error:
            if self.options.verbose:
                await self.err(error.read)
            await self.report(error)
            raise
        if command is not None:
            self.input_line = command.end_line
            if self.options.verbose:
                await self.err(command.text)
        return command

    async def after_interruption(self) -> None:
        """What a blocking call that a signal interrupted does before it is tried again: an untrapped SIGINT ends it."""
        self.traps.check_interrupt()

    async def command_output(self, body: Node | None) -> str:
        """What a command substitution prints."""
        return await substitution.command_output(self, body)

    async def process_substitution(self, piece: ProcessSubstitution) -> str:
        """The name of the pipe to or from a process substitution."""
        return await substitution.process_substitution(self, piece)

    def fork_writer(self, reader: int, writer: int, data: bytes) -> None:
        """Starts a process that writes a long here-document."""
        substitution.fork_writer(self, reader, writer, data)

    # --- descriptors of the shell itself ---

    def is_own_descriptor(self, fd: int) -> bool:
        """Whether a descriptor is one that the shell keeps for itself."""
        return fd in self.own_descriptors

    def move_own_descriptor(self, fd: int) -> None:
        """Makes way when a redirection wants the number of a descriptor that the shell keeps for itself."""
        if fd in self.own_descriptors:
            self.own_descriptors.remove(fd)
            moved = self.process.dup(fd, max(10, fd + 1), cloexec=True)
            self.own_descriptors.add(moved)
            if fd == self.terminal_fd:
                self.terminal_fd = moved
            self.process.close(fd)

    def save_options(self) -> None:
        """`local -`: the options come back as they are now when the function returns."""
        self.variables.save_options(self.options.copy(), self._restore_options)

    def _restore_options(self, options: Options) -> None:
        self.options = options
        self.options_changed()

    def options_changed(self) -> None:
        """Acts on changes of options."""
        self.variables.export_all = self.options.allexport
        for number in (SIGINT, SIGQUIT, SIGTERM):
            self.traps.apply(number)

    def environment(self) -> dict[str, str]:
        """The environment for a command."""
        return self.variables.environment()

    def machine_path(self, path: str) -> str:
        """A path for the machine."""
        return to_machine(path)


_SHARED: Final = (
    "applet",
    "background_pid",
    "builtins",
    "command_name",
    "cwd",
    "function_depth",
    "function_name",
    "has_command_string",
    "ifs",
    "input_line",
    "line",
    "lineno",
    "loop_depth",
    "name",
    "option_index",
    "option_offset",
    "root_pid",
    "saved_status",
    "status",
    "tracing_prompt",
)
