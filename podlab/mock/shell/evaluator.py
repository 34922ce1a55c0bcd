"""Walking the tree: lists, loops, conditions, functions; each node's method gives its status.

`flags` travel down the tree. EXIT: the shell ends after this command, so it need not fork for it. TESTED: somebody looks at the
status, so `set -e` does not.
"""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from podlab.mock.machine.core import QUANTUM_NS
from podlab.mock.machine.errors import strerror
from podlab.mock.shell import redirection, simple, spawning
from podlab.mock.shell.errors import Exit, ShellError, StackOverflow
from podlab.mock.shell.patterns import compile_pattern
from podlab.mock.shell.reader import Command
from podlab.mock.shell.syntax import (
    AndOr,
    Background,
    Case,
    For,
    Function,
    If,
    Loop,
    Node,
    Not,
    Pipeline,
    Redirected,
    Sequence,
    Simple,
    Subshell,
)
from podlab.mock.shell.trampoline import Call

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

__all__ = ["EXIT", "TESTED", "Command", "evaluate"]

EXIT: Final = 1
TESTED: Final = 2

COMMAND_COST_NS: Final = 20_000
LOOP_COST_NS: Final = 2_000
MAX_NESTING: Final = 15_000
"""About where ash's stack of 8 MB ends."""
_STRIDE: Final = 12
"""After so many nested commands the evaluation goes on on the trampoline's own stack."""


async def evaluate(shell: "Shell", node: Node, flags: int = 0) -> int:
    """Runs a command and gives its status.

    Raises:
        ShellError, Exit, Interrupt: See `errors`.
    """
    if shell.options.noexec:
        return 0
    traps = shell.traps
    if traps.arrived or traps.interrupted:
        traps.check_interrupt()
        await traps.run_pending()
    kind = type(node)
    if kind is Simple and node.short and not shell.options.xtrace:  # type: ignore[union-attr]
        process = shell.process
        process._debt_ns += COMMAND_COST_NS
        if process._debt_ns >= QUANTUM_NS:
            await process.settle()
        shell.status = status = await simple.run_short(shell, node, flags)  # type: ignore[arg-type]
        if shell.transient:
            shell.release_transient()
    else:
        status = await nest(_METHODS[kind], shell, node, flags)
    if traps.arrived or traps.interrupted:
        traps.check_interrupt()
        await traps.run_pending()
    if status and not flags & TESTED and kind in _CHECKED:
        await traps.run_err()
        if shell.options.errexit:
            raise Exit
    if flags & EXIT:
        raise Exit
    return shell.status


async def nest(run: Callable[..., Coroutine[Any, Any, int]], shell: "Shell", *words: Any) -> int:
    """Does `run(shell, *words)`, in which other commands may stand, as deeply as ash's stack lets them."""
    shell.nesting += 1
    if shell.nesting > MAX_NESTING:
        raise StackOverflow
    try:
        if shell.nesting % _STRIDE:
            return await run(shell, *words)
        return int(await Call(run(shell, *words)))
    finally:
        shell.nesting -= 1


async def _not(shell: "Shell", node: Not, _flags: int) -> int:
    shell.status = int(not await evaluate(shell, node.command, TESTED))
    return shell.status


async def _and_or(shell: "Shell", node: AndOr, flags: int) -> int:
    status = await evaluate(shell, node.left, TESTED)
    if bool(status) != node.is_or or shell.skip:
        return status
    shell.status = await evaluate(shell, node.right, flags)
    return shell.status


async def _sequence(shell: "Shell", node: Sequence, flags: int) -> int:
    if not node.commands:
        return 0
    *first, last = node.commands
    for command in first:
        status = await evaluate(shell, command, flags & TESTED)
        if shell.skip:
            return status
    shell.status = await evaluate(shell, last, flags)
    return shell.status


async def _if(shell: "Shell", node: If, flags: int) -> int:
    status = await evaluate(shell, node.test, TESTED)
    if shell.skip:
        return status
    chosen = node.otherwise if status else node.then
    shell.status = 0 if chosen is None else await evaluate(shell, chosen, flags)
    return shell.status


def _end_of_turn(shell: "Shell") -> str:
    """What a loop does after a turn: "" goes on, "continue" too; anything else leaves it."""
    skip = shell.skip
    if skip in ("break", "continue"):
        shell.skip_count -= 1
        if shell.skip_count <= 0:
            shell.skip = ""
        else:
            skip = "break"
    return skip


async def _loop(shell: "Shell", node: Loop, flags: int) -> int:
    shell.loop_depth += 1
    status = 0
    flags &= TESTED
    cpu = shell.process.cpu
    try:
        while True:
            await cpu(LOOP_COST_NS)
            tested = await evaluate(shell, node.test, TESTED)
            skip = _end_of_turn(shell) if shell.skip else ""
            if skip:
                if skip == "return":
                    status = tested
                if skip == "continue":
                    continue
                break
            if bool(tested) != node.until:
                break
            status = await evaluate(shell, node.body, flags)
            if shell.skip and _end_of_turn(shell) != "continue":
                break
    finally:
        shell.loop_depth -= 1
    shell.status = status
    return status


async def _for(shell: "Shell", node: For, flags: int) -> int:
    shell.line = shell.lineno = node.line
    values: list[str] = []
    for word in node.words:
        values += await shell.expander.arguments(word)
    shell.loop_depth += 1
    status = 0
    flags &= TESTED
    cpu = shell.process.cpu
    try:
        for value in values:
            await cpu(LOOP_COST_NS)
            shell.assign(node.name, value)
            status = await evaluate(shell, node.body, flags)
            if shell.skip and _end_of_turn(shell) != "continue":
                break
    finally:
        shell.loop_depth -= 1
    shell.status = status
    return status


async def _case(shell: "Shell", node: Case, flags: int) -> int:
    shell.line = shell.lineno = node.line
    status = 0
    text = await shell.expander.text(node.word)
    for item in node.items:
        for word in item.patterns:
            if not await _case_matches(shell, word, text):
                continue
            if item.body is not None:
                status = await evaluate(shell, item.body, flags)
            shell.status = status
            return status
    shell.status = status
    return status


async def _case_matches(shell: "Shell", word: Any, text: str) -> bool:
    if word.constant is not None:
        return bool(word.constant == text)
    return compile_pattern(await shell.expander.pattern(word)).matches(text)


async def _function(shell: "Shell", node: Function, _flags: int) -> int:
    shell.functions[node.name] = node
    shell.hashed.pop(node.name, None)
    shell.status = 0
    return 0


async def _redirected(shell: "Shell", node: Redirected, flags: int) -> int:
    shell.line = shell.lineno = node.line
    targets = await redirection.expand_targets(shell, node.redirects)
    with redirection.Redirecting(shell) as redirecting:
        status = await redirect_safely(shell, targets, redirecting.frame)
        if not status:
            try:
                status = await evaluate(shell, node.command, flags & TESTED)
            except ShellError as failure:
                await shell.report(failure)
                raise
    shell.status = status
    return status


async def redirect_safely(shell: "Shell", targets: list[redirection.Target], frame: redirection.Frame) -> int:
    """Redirects; an error is reported and gives status 1."""
    try:
        await redirection.redirect(shell, targets, frame)
    except ShellError as error:
        await shell.report(error)
        return 1
    except OSError as failure:
        await shell.report(ShellError(f"can't create pipe: {strerror(failure.errno or 0)}"))
        return 1
    return 0


async def _simple(shell: "Shell", node: Simple, flags: int) -> int:
    await shell.process.cpu(COMMAND_COST_NS)
    status = await simple.run(shell, node, flags)
    if shell.transient:
        shell.release_transient()
    shell.status = status
    return status


async def _pipeline(shell: "Shell", node: Pipeline, flags: int) -> int:
    shell.status = await spawning.pipeline(shell, node, flags)
    return shell.status


async def _subshell(shell: "Shell", node: Subshell, flags: int) -> int:
    shell.line = shell.lineno = node.line
    shell.status = await spawning.subshell(shell, node, flags)
    return shell.status


async def _background(shell: "Shell", node: Background, flags: int) -> int:
    shell.line = shell.lineno = node.line
    shell.status = await spawning.background(shell, node, flags)
    return shell.status


_METHODS: Final[dict[type, Callable[["Shell", Any, int], Coroutine[Any, Any, int]]]] = {
    Simple: _simple,
    Pipeline: _pipeline,
    Not: _not,
    AndOr: _and_or,
    Sequence: _sequence,
    Background: _background,
    Subshell: _subshell,
    Redirected: _redirected,
    If: _if,
    Loop: _loop,
    For: _for,
    Case: _case,
    Function: _function,
}
_CHECKED: Final = frozenset((Simple, Subshell, Background, Pipeline))
