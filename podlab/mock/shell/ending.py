"""How a shell ends: its exit status, and the EXIT trap."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from podlab.mock.machine.signals import SIGINT
from podlab.mock.shell.errors import Exit, Interrupt, ShellError
from podlab.mock.shell.redirection import restore_inherited
from podlab.mock.shell.traps import EXIT

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell


async def run_to_exit(shell: "Shell", body: Coroutine[Any, Any, Any]) -> int:
    """Runs a body and ends the shell, however the body ended. Returns the exit status."""
    return await finish(shell, await run_guarded(shell, body))


async def run_guarded(shell: "Shell", body: Coroutine[Any, Any, Any]) -> BaseException | None:
    """Runs a body; what ended it before its time is reported and returned."""
    try:
        await body
    except ShellError as error:
        await shell.report(error)
        return error
    except (Exit, Interrupt) as ended:
        return ended
    return None


def settle_status(shell: "Shell", ended: BaseException | None) -> None:
    """Takes over the status that `exit` was given, and forgets what was under way."""
    if shell.saved_status is not None:
        if (isinstance(ended, Exit) and ended.explicit) or shell.skip == "return-last":
            shell.status = shell.saved_status
        shell.saved_status = None
    shell.skip = ""
    shell.loop_depth = 0
    shell.nesting = 0
    shell.tracing_prompt = False


async def finish(shell: "Shell", ended: BaseException | None) -> int:
    """Ends the shell: settles the status and runs the EXIT trap. Returns the exit status."""
    settle_status(shell, ended)
    traps = shell.traps
    action = traps.actions.pop(EXIT, None)
    if action:
        restore_inherited(shell)
        shell.saved_status = shell.status
        traps.depth += 1
        ended = await run_guarded(shell, shell.run_string(action, 0))
        traps.depth -= 1
        if ended is None:
            shell.status = shell.saved_status  # an ERR trap may have put another there
        else:
            settle_status(shell, ended)
    await shell.flush()
    if isinstance(ended, Interrupt):
        shell.status = 128 + SIGINT
    return shell.status
