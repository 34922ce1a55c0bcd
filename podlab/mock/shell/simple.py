"""Simple commands: expanding them, finding out what they are, and running functions, built-ins and programs."""

from typing import TYPE_CHECKING, Any, Final

from podlab.mock.shell import evaluator, redirection, spawning
from podlab.mock.shell.builtin import Builtin
from podlab.mock.shell.encoding import quote_for_trace, single_quote, to_bytes
from podlab.mock.shell.errors import Exit, ShellError
from podlab.mock.shell.expansion import Unglobbed
from podlab.mock.shell.lexer import KEYWORDS
from podlab.mock.shell.lookup import NotFound, Program, find_command, not_found_words
from podlab.mock.shell.parser import Parser
from podlab.mock.shell.syntax import Function, Simple, Word
from podlab.mock.shell.trampoline import Call
from podlab.mock.shell.traps import ERR
from podlab.mock.shell.variables import DEFAULT_PATH, EXPORTED

if TYPE_CHECKING:
    from podlab.mock.shell.expansion import Expander
    from podlab.mock.shell.shell import Shell

FUNCTION_STACK_BYTES: Final = 1100
WORD_BYTES: Final = 32
"""What a word of a call takes besides."""


class _Arguments:
    """The words of a command, expanded one after the other: what the first of them are decides how the rest is expanded."""

    __slots__ = ("index", "shell", "values", "words")

    def __init__(self, shell: "Shell", words: tuple[Word, ...]) -> None:
        self.shell = shell
        self.words = words
        self.index = 0
        self.values: list[str] = []

    async def have(self, count: int) -> bool:
        """Expands words until there are `count` values. Returns whether there are."""
        while len(self.values) < count and self.index < len(self.words):
            word = self.words[self.index]
            self.index += 1
            self.values += await self.shell.expander.arguments(word)
        return len(self.values) >= count

    async def rest(self, assignments: bool) -> None:
        """Expands the remaining words; with `assignments` those of the form name=value as such."""
        expander = self.shell.expander
        for word in self.words[self.index :]:
            if word.constant is not None and not assignments:
                self.values.append(word.constant)
            elif assignments and (assignment := Parser.assignment(word)) is not None:
                self.values.append(f"{assignment[0]}={await expander.assignment(assignment[1])}")
            else:
                self.values += await expander.arguments(word)


class _Resolved:
    """What a command's name turned out to be.

    Attributes:
        found: The command; None while only programs are left to look for.
        special: The first name was a special built-in: assignments last, errors are fatal.
        functions: Whether functions count (not after `command`).
        path: Where `command -p` looks.
    """

    __slots__ = ("assigns", "found", "functions", "path", "special")

    def __init__(self) -> None:
        self.found: Function | Builtin | None = None
        self.special: bool | None = None
        self.functions = True
        self.path: str | None = None
        self.assigns = False


async def _resolve(shell: "Shell", arguments: _Arguments) -> _Resolved:
    """Finds out what the command is, looking through `command`."""
    resolved = _Resolved()
    while True:
        name = arguments.values[0]
        resolved.found = _function_or_builtin(shell, name, resolved.functions)
        if not isinstance(resolved.found, Builtin):
            return resolved
        resolved.assigns = resolved.found.assigns
        if resolved.special is None:
            resolved.special = resolved.found.special
        if name != "command":
            return resolved
        skip = await _command_options(arguments, resolved)
        if not skip:
            return resolved
        del arguments.values[:skip]
        resolved.functions = False


def _function_or_builtin(shell: "Shell", name: str, functions: bool) -> Function | Builtin | None:
    if functions and name in shell.functions:
        return shell.functions[name]
    return shell.builtins.get(name)


async def _command_options(arguments: _Arguments, resolved: _Resolved) -> int:
    """How many words `command` and its options take before the command that they run; 0 when it is `command -v` or has none."""
    index = 1
    path: str | None = None
    while await arguments.have(index + 1):
        word = arguments.values[index]
        if not word.startswith("-") or word == "-":
            break
        if word == "--":
            index += 1
            if not await arguments.have(index + 1):
                return 0
            break
        if word.strip("p") != "-":
            return 0
        path = DEFAULT_PATH
        index += 1
    else:
        return 0
    resolved.path = path
    return index


async def run(shell: "Shell", node: Simple, flags: int) -> int:
    """Runs a simple command and gives its status."""
    shell.line = shell.lineno = node.line
    shell.substitution_status = 0
    substitutions = len(shell.substitutions)
    arguments = _Arguments(shell, node.words)
    resolved = _Resolved()
    if node.words and await arguments.have(1):
        resolved = await _resolve(shell, arguments)
        await arguments.rest(resolved.assigns)
    argv = arguments.values
    if not node.redirects and not node.assignments and not shell.options.xtrace:
        status = await _execute(shell, argv, resolved, flags)
        _after(shell, argv, substitutions)
        return status
    return await _run_with_environment(shell, node, argv, resolved, flags, substitutions)


async def run_short(shell: "Shell", node: Simple, flags: int) -> int:
    """Runs a command of the kinds that `Simple.short` tells of, as `run` would: with less ado, since loops are made of them."""
    shell.line = shell.lineno = node.line
    shell.substitution_status = 0
    expander = shell.expander
    if node.short == "assign":
        try:
            for name, word in node.assignments:
                shell.assign(name, expander.assignment_now(word))
        except ShellError as error:
            await shell.report(error)
            raise
        return 0
    command = node.words[0].constant or ""
    found = shell.functions.get(command) or shell.builtins.get(command)
    if isinstance(found, Builtin):
        if found.nests or shell.options.interactive:
            return await evaluator.nest(run, shell, node, flags)
        argv = await _words(expander, node, found.assigns)
        return await run_builtin(shell, found, argv, flags, fatal=found.special)
    argv = await _words(expander, node)
    if found is not None:
        status = await evaluator.nest(call_function, shell, found, argv, flags)
    else:
        status = await _execute(shell, argv, _Resolved(), flags)
    if shell.options.interactive:
        _after(shell, argv, len(shell.substitutions))
    return status


async def _words(expander: "Expander", node: Simple, assigns: bool = False) -> list[str]:
    """The words of a command that waits for nobody; with `assigns` those of the form name=value are one text each."""
    argv: list[str] = []
    for word in node.words:
        if word.constant is not None:
            argv.append(word.constant)
        elif assigns and Parser.is_assignment(word):
            argv.append(expander.assignment_now(word))
        else:
            fields = expander.arguments_now(word)
            argv += await expander.files(fields) if type(fields) is Unglobbed else fields
    return argv


def _after(shell: "Shell", argv: list[str], substitutions: int) -> None:
    """Closes the pipes of process substitutions; notes the last argument in `$_` of an interactive shell."""
    while len(shell.substitutions) > substitutions:
        fd = shell.substitutions.pop()
        if fd in shell.process.fds:
            shell.process.close(fd)
    if shell.options.interactive and shell.function_depth == 0 and argv:
        shell.variables.set("_", argv[-1])


async def _run_with_environment(
    shell: "Shell", node: Simple, argv: list[str], resolved: _Resolved, flags: int, substitutions: int
) -> int:
    """Runs a command that has redirections or assignments, or is traced."""
    found = resolved.found
    is_exec = isinstance(found, Builtin) and found.name == "exec"
    local = bool(argv) and not resolved.special and bool(node.assignments)
    scopes = len(shell.variables.scopes)
    if local:
        shell.variables.push_scope()
    with redirection.Redirecting(shell) as redirecting:
        targets = await redirection.expand_targets(shell, node.redirects)
        shell.trace_fd = _trace_descriptor(shell)
        if await evaluator.redirect_safely(shell, targets, redirecting.frame):
            if resolved.special:
                raise ShellError(None, 1)
            status = 1
        else:
            try:
                assigned = await _assign(shell, node, local, EXPORTED if is_exec and len(argv) > 1 else 0)
                if shell.options.xtrace and not shell.tracing_prompt:
                    await _trace(shell, assigned, argv)
                status = await _execute(shell, argv, resolved, flags, scoped=local)
            except ShellError as error:
                await shell.report(error)
                raise
            redirecting.keep = is_exec
    shell.variables.pop_scopes(scopes)
    _after(shell, argv, substitutions)
    return status


def _trace_descriptor(shell: "Shell") -> int:
    if shell.options.xtrace:
        wanted = shell.variables.get("BASH_XTRACEFD") or ""
        if wanted.isdigit():
            return int(wanted)
    return 2


async def _assign(shell: "Shell", node: Simple, local: bool, flags: int) -> list[tuple[str, str]]:
    """Carries out the assignments before a command: for it alone (`local`, in its environment), or for good."""
    done: list[tuple[str, str]] = []
    for name, word in node.assignments:
        value = await shell.expander.assignment(word)
        done.append((name, value))
        if local:
            shell.variables.make_local(name, value, EXPORTED)
        else:
            shell.assign(name, value, flags)
    return done


async def _trace(shell: "Shell", assigned: list[tuple[str, str]], argv: list[str]) -> None:
    """Shows a command as `set -x` does."""
    shell.tracing_prompt = True
    status = shell.status
    prompt = await shell_prompt(shell, shell.variables.get("PS4") or "")
    shell.status = status
    shell.tracing_prompt = False
    words = [f"{name}={quote_for_trace(value)}" for name, value in assigned]
    words += [single_quote(word) if word in KEYWORDS else quote_for_trace(word) for word in argv]
    await shell.write(shell.trace_fd, to_bytes(f"{prompt}{' '.join(words)}\n"))


async def shell_prompt(shell: "Shell", text: str, keep_backslashes: bool = False) -> str:
    """Expands a prompt; one that cannot be expanded is shown as it is.

    With `keep_backslashes` those before `$` are left for the editor.
    """
    parser = Parser(text.replace("\\$", "\\\\\\$") if keep_backslashes else text, shell.lineno)
    try:
        return await shell.expander.here_document(parser.here_document("\n", strip_tabs=False, expand=True))
    except ShellError as error:
        await shell.report(error)
        return text


async def _execute(shell: "Shell", argv: list[str], resolved: _Resolved, flags: int, scoped: bool = False) -> int:
    """Runs the command that `argv` is."""
    if not argv:
        return shell.substitution_status
    found: Any = resolved.found
    if found is None:
        found = find_command(shell, argv[0], resolved.path, functions=resolved.functions)
    if isinstance(found, Builtin):
        return await run_builtin(shell, found, argv, flags, fatal=bool(resolved.special))
    if isinstance(found, Function):
        return await call_function(shell, found, argv, flags, scoped)
    if isinstance(found, NotFound):
        return await _not_found(shell, argv[0], found)
    assert isinstance(found, Program)
    return await spawning.run_program(shell, found.path, argv, flags, resolved.path)


async def _not_found(shell: "Shell", name: str, found: NotFound) -> int:
    hook = shell.functions.get("command_not_found_handle")
    if hook is not None:
        await call_function(shell, hook, ["command_not_found_handle", name], 0)
    else:
        await shell.flush()
        await shell.warn(f"{name}: {not_found_words(found.error)}")
    shell.status = 127
    return 127


async def run_builtin(shell: "Shell", builtin: Builtin, argv: list[str], flags: int, fatal: bool) -> int:
    """Runs a built-in; an error in it is reported, and raised on when it is `fatal`."""
    before, shell.command_name = shell.command_name, argv[0]
    scopes = len(shell.variables.scopes)
    try:
        if builtin.name == "eval":
            status = int(await Call(_eval(shell, argv, flags)))
        else:
            status = await builtin.run(shell, argv)
        if shell.output:
            status |= await shell.flush()
        shell.status = status
        return status
    except ShellError as error:
        await shell.report(error)
        shell.output.clear()
        if fatal:
            raise
        shell.variables.pop_scopes(scopes)
        return shell.status
    except Exit:
        await shell.flush()
        raise
    finally:
        shell.command_name = before


async def _eval(shell: "Shell", argv: list[str], flags: int) -> int:
    if len(argv) == 1:
        return 0
    return await shell.run_string(" ".join(argv[1:]), flags & evaluator.TESTED)


async def call_function(shell: "Shell", function: Function, argv: list[str], flags: int, scoped: bool = False) -> int:
    """Calls a function; `scoped` when assignments before it have begun the scope of its local variables already.

    When the shell ends inside the function, its local variables are left as they are: an EXIT trap sees them.
    """
    err_trap = None if shell.options.errtrace else shell.traps.actions.pop(ERR, None)
    before = (shell.parameters, shell.option_index, shell.option_offset, shell.function_name, shell.lineno)
    shell.parameters = argv[1:]
    shell.option_index, shell.option_offset = 1, -1
    shell.function_name = function.name
    shell.function_depth += 1
    scopes = len(shell.variables.scopes)
    if not scoped:
        shell.variables.push_scope()
    size = FUNCTION_STACK_BYTES + WORD_BYTES * len(argv)
    shell.process.charge_memory(size)
    try:
        await Call(evaluator.evaluate(shell, function.body, flags & evaluator.TESTED))
        shell.variables.pop_scopes(scopes)
    except ShellError as error:
        await shell.report(error)
        raise
    finally:
        shell.process.charge_memory(-size)
        shell.function_depth -= 1
        shell.parameters, shell.option_index, shell.option_offset, shell.function_name, shell.lineno = before
        if err_trap is not None:
            shell.traps.actions.setdefault(ERR, err_trap)
        if shell.skip.startswith("return"):
            shell.skip = ""
    return shell.status
