"""Signals and traps: what the shell does with each signal, and when a trap's action runs."""

import re
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.signals import NAMES, NUMBERS, SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGTTOU, Disposition
from podlab.mock.shell.errors import Interrupt, ShellError

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

EXIT: Final = 0
ERR: Final = 65
COUNT: Final = 65
LEADING_NUMBER: Final = re.compile(r"[0-9]+(?![0-9A-Za-z])")
"""What busybox reads a signal's number from: only letters may not follow it."""
_NAMES: Final = tuple("POLL" if name == "IO" else name for name in NAMES)
_OTHER_NAMES: Final = {"IOT": 6, "POLL": 29, "RTMIN": 34, "RTMAX": 64}


def signal_number(text: str) -> int | None:
    """The number of a signal given by name (with or without SIG, in any case) or number; None when there is none."""
    number = LEADING_NUMBER.match(text)
    if number is not None:
        return int(number[0]) if int(number[0]) < COUNT else None
    name = text.upper().removeprefix("SIG")
    return NUMBERS.get(name, _OTHER_NAMES.get(name))


def signal_name(number: int) -> str:
    """The name of a signal, or its number when it has none."""
    if number == EXIT:
        return "EXIT"
    return _NAMES[number] if number < len(_NAMES) else str(number)


class Traps:
    """The traps of one shell.

    Attributes:
        actions: What is to be run, by signal number; "" ignores the signal. EXIT and ERR are in it too.
        shown: The parent's actions, which a bare `$(trap)` lists.
        pending: Signals that arrived and whose action has not run.
        arrived: The last signal that came since actions were last run, 0 for none.
        interrupted: An untrapped SIGINT arrived.
    """

    __slots__ = (
        "actions",
        "arrived",
        "caught",
        "depth",
        "hard_ignored",
        "in_err",
        "interrupted",
        "own_ignored",
        "pending",
        "shell",
        "shown",
    )

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.actions: dict[int, str] = {}
        self.shown: dict[int, str] | None = None
        self.pending: set[int] = set()
        self.arrived = 0
        self.interrupted = False
        self.depth = 0
        self.in_err = False
        dispositions = shell.process.dispositions
        self.hard_ignored = {number for number, what in dispositions.items() if what is Disposition.IGNORE}
        self.caught: set[int] = set()
        self.own_ignored: set[int] = set()

    def inherit(self, parent: "Traps", show: bool) -> None:
        """In a subshell: traps are reset, ignored signals stay ignored."""
        if show:
            self.shown = dict(parent.actions)
        self.depth = parent.depth
        self.hard_ignored = set(parent.hard_ignored)
        self.own_ignored = set(parent.own_ignored)
        self.actions = {number: action for number, action in parent.actions.items() if action == ""}
        for number in parent.caught | parent.own_ignored:
            self.apply(number)

    def ignore(self, number: int) -> None:
        """Ignores a signal for good (a background job without job control: SIGINT and SIGQUIT)."""
        self.shell.process.signal(number, Disposition.IGNORE)
        self.hard_ignored.add(number)

    def set(self, number: int, action: str | None) -> None:
        """Sets (or with None resets) a trap."""
        if action is None:
            self.actions.pop(number, None)
        else:
            self.actions[number] = action
        if number not in (EXIT, ERR):
            self.apply(number)

    def apply(self, number: int) -> None:
        """Gives a signal the disposition that traps and options call for."""
        if number in self.hard_ignored:
            return
        process = self.shell.process
        action = self.actions.get(number)
        self.caught.discard(number)
        self.own_ignored.discard(number)
        chosen = "catch" if action else "ignore"
        wanted = self._untrapped(number) if action is None else chosen
        if wanted == "catch":
            self.caught.add(number)
            process.signal(number, self._arrived)
        elif wanted == "ignore":
            if action is None:
                self.own_ignored.add(number)
            process.signal(number, Disposition.IGNORE)
        else:
            process.signal(number, Disposition.DEFAULT)

    def _untrapped(self, number: int) -> str:
        """What the first shell (not a subshell) does with some signals for its own sake."""
        shell = self.shell
        if shell.level > 0:
            return "default"
        options = shell.options
        if number == SIGINT and (options.interactive or shell.has_command_string or not options.stdin):
            return "catch"
        if number == SIGQUIT or (number == SIGTERM and options.interactive):
            return "ignore"
        if number in (SIGTSTP, SIGTTOU) and options.monitor:
            return "ignore"
        return "default"

    def _arrived(self, number: int) -> None:
        if number == SIGCHLD and SIGCHLD not in self.actions:
            return
        if number == SIGINT and SIGINT not in self.actions:
            self.interrupted = True
            return
        self.pending.add(number)
        self.arrived = number

    @property
    def may_run(self) -> bool:
        """Whether any trap has an action: a last command must then not replace the shell."""
        return any(self.actions.values())

    def check_interrupt(self) -> None:
        """Acts on an untrapped SIGINT: a script dies of it, an interactive shell drops what it does."""
        if not self.interrupted:
            return
        self.interrupted = False
        shell = self.shell
        if shell.level > 0 or not shell.options.interactive:
            shell.process.signal(SIGINT, Disposition.DEFAULT)
            shell.process.kill(shell.process.pid, SIGINT)
        shell.status = 128 + SIGINT
        raise Interrupt

    async def run_pending(self) -> None:
        """Runs the actions of the signals that arrived."""
        shell = self.shell
        before = shell.saved_status
        status = shell.status if before is None else before
        shell.saved_status = status
        self.arrived = 0
        for number in range(1, COUNT):
            if number not in self.pending:
                continue
            if self._skipping():
                self.arrived = number
                break
            self.pending.discard(number)
            action = self.actions.get(number)
            if not action:
                continue
            self.depth += 1
            await shell.run_string(action, 0)
            self.depth -= 1
            if shell.skip != "return":
                shell.status = status
        shell.saved_status = before

    def _skipping(self) -> bool:
        return bool(self.shell.skip)

    async def run_err(self) -> None:
        """Runs the ERR trap after a failed command."""
        action = self.actions.get(ERR)
        if not action or self.in_err:
            return
        shell = self.shell
        self.in_err = True
        self.depth += 1
        shell.saved_status = status = shell.status  # kept by ash: a later `exit`, or trap, still goes by it
        try:
            await shell.run_string(action, 0)
        except ShellError as error:
            await shell.report(error)
        finally:
            self.depth -= 1
            self.in_err = False
        shell.status = status
