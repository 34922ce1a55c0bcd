"""The built-in commands of ash, by name."""

from typing import Final

from podlab.mock.shell.builtin import Builtin
from podlab.mock.shell.builtins import control, environment, jobs, printing, reading, system, testing

_SPECIAL: Final = {
    ".": control.dot,
    ":": control.true,
    "break": control.break_,
    "continue": control.break_,
    "eval": control.true,
    "exec": control.exec_,
    "exit": control.exit_,
    "return": control.return_,
    "set": environment.set_,
    "shift": environment.shift,
    "source": control.dot,
    "times": control.times,
    "trap": control.trap,
    "unset": environment.unset,
}
_SPECIAL_ASSIGNING: Final = {"export": environment.export, "local": environment.local, "readonly": environment.export}
_REGULAR: Final = {
    "[": testing.test,
    "[[": testing.test,
    "bg": jobs.fg,
    "cd": system.cd,
    "command": system.command,
    "echo": printing.echo,
    "false": control.false,
    "fg": jobs.fg,
    "getopts": environment.getopts,
    "hash": system.hash_,
    "jobs": jobs.jobs,
    "kill": jobs.kill,
    "printf": printing.printf,
    "pwd": system.pwd,
    "read": reading.read,
    "test": testing.test,
    "true": control.true,
    "type": system.type_,
    "ulimit": system.ulimit,
    "umask": system.umask,
    "unalias": environment.unalias,
    "wait": jobs.wait,
}
_NESTING: Final = frozenset((".", "command", "eval", "exec", "source"))
_OTHER: Final = {"chdir": system.cd, "help": system.help_, "history": system.history, "let": environment.let}

BUILTINS: Final[dict[str, Builtin]] = {
    **{name: Builtin(name, run, special=True, nests=name in _NESTING) for name, run in _SPECIAL.items()},
    **{name: Builtin(name, run, special=True, assigns=True) for name, run in _SPECIAL_ASSIGNING.items()},
    **{name: Builtin(name, run, nests=name in _NESTING) for name, run in _REGULAR.items()},
    **{name: Builtin(name, run, regular=False) for name, run in _OTHER.items()},
    "alias": Builtin("alias", environment.alias, assigns=True),
}
"""All of them. `eval` is run by `simple` itself, because its text is evaluated where the command stands."""
