"""Signals: numbers, names, and what each does to a process that does not handle it (signal(7))."""

from enum import Enum
from typing import Final

NAMES: Final = [
    "EXIT", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
    "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN",
    "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
]  # fmt: skip
"""Linux' names without SIG, by number (0 is EXIT, as shells call it)."""

NUMBERS: Final = {name: number for number, name in enumerate(NAMES)}

SIGHUP: Final = NUMBERS["HUP"]
SIGINT: Final = NUMBERS["INT"]
SIGQUIT: Final = NUMBERS["QUIT"]
SIGABRT: Final = NUMBERS["ABRT"]
SIGKILL: Final = NUMBERS["KILL"]
SIGSEGV: Final = NUMBERS["SEGV"]
SIGPIPE: Final = NUMBERS["PIPE"]
SIGALRM: Final = NUMBERS["ALRM"]
SIGTERM: Final = NUMBERS["TERM"]
SIGCHLD: Final = NUMBERS["CHLD"]
SIGCONT: Final = NUMBERS["CONT"]
SIGSTOP: Final = NUMBERS["STOP"]
SIGTSTP: Final = NUMBERS["TSTP"]
SIGTTIN: Final = NUMBERS["TTIN"]
SIGTTOU: Final = NUMBERS["TTOU"]
SIGUSR1: Final = NUMBERS["USR1"]
SIGUSR2: Final = NUMBERS["USR2"]
SIGXFSZ: Final = NUMBERS["XFSZ"]
SIGWINCH: Final = NUMBERS["WINCH"]


class Disposition(Enum):
    """What a process does with a signal when it has no handler of its own."""

    DEFAULT = "default"
    IGNORE = "ignore"


class Action(Enum):
    """What the default disposition does."""

    TERMINATE = "terminate"
    IGNORE = "ignore"
    STOP = "stop"
    CONTINUE = "continue"


_IGNORED: Final = frozenset(NUMBERS[name] for name in ("CHLD", "URG", "WINCH"))
_STOPPING: Final = frozenset((SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU))


def default_action(signal: int) -> Action:
    """What `signal` does to a process that left it at its default."""
    if signal in _IGNORED:
        return Action.IGNORE
    if signal in _STOPPING:
        return Action.STOP
    return Action.CONTINUE if signal == SIGCONT else Action.TERMINATE
