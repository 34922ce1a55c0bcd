"""The shell's variables: values, export and read-only flags, local scopes, and the few that are computed.

Values and flags lie in plain dictionaries, so that a subshell's copy is cheap.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final, NamedTuple

from podlab.mock.shell.encoding import from_machine, to_machine
from podlab.mock.shell.errors import ShellError
from podlab.mock.shell.words import NAME

EXPORTED: Final = 1
READ_ONLY: Final = 2

DEFAULT_PATH: Final = "/sbin:/usr/sbin:/bin:/usr/bin"
_DEFAULTS: Final = {
    "IFS": " \t\n",
    "PATH": DEFAULT_PATH,
    "PS1": "\\w \\$ ",
    "PS2": "> ",
    "PS4": "+ ",
    "OPTIND": "1",
    "LINENO": "",
    "FUNCNAME": "",
}
_TABLE_SIZE: Final = 39
_OWN: Final = (
    *[
        "-",
        "IFS",
        "MAIL",
        "MAILPATH",
        "PATH",
        "PS1",
        "PS2",
        "PS4",
        "OPTIND",
        "LINENO",
        "FUNCNAME",
        "RANDOM",
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "HISTFILE",
    ],
)


class Saved(NamedTuple):
    """What a local variable hides."""

    name: str
    value: str | None
    flags: int
    computed: Callable[[], str] | None


@lru_cache(maxsize=4096)
def table_bucket(name: str) -> int:
    """Where ash's hash table keeps a variable: the order in which the environment is passed on."""
    return ((ord(name[0]) << 4) + sum(map(ord, name))) % _TABLE_SIZE if name else 0


@lru_cache(maxsize=4096)
def _table_place(name: str) -> tuple[int, int]:
    """Bucket and place in it: ash's own variables come first there, the last it made before the others."""
    return table_bucket(name), -_OWN.index(name) if name in _OWN else 1


@lru_cache(maxsize=64)
def _passed_on(exported: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What the exported variables become in the environment; from one program to the next they are mostly the same."""
    ordered = sorted(exported, key=lambda pair: _table_place(pair[0]))
    return {to_machine(name): to_machine(value) for name, value in ordered}


class VariableTable:
    """All variables of one shell.

    Attributes:
        values: Those that are set.
        flags: EXPORTED and READ_ONLY, of those that have any (an exported name need not be set).
        computed: Variables whose value is worked out whenever it is looked up, until they are unset.
        on_set: Called after a variable of that name was set or unset, with its new value.
        scopes: What local variables hide, innermost last.
        export_all: `set -a`.
    """

    __slots__ = ("computed", "export_all", "flags", "on_set", "option_scopes", "scopes", "values")

    def __init__(self) -> None:
        self.values: dict[str, str] = dict(_DEFAULTS)
        self.flags: dict[str, int] = {}
        self.computed: dict[str, Callable[[], str]] = {}
        self.on_set: dict[str, Callable[[str | None], None]] = {}
        self.scopes: list[list[Saved]] = []
        self.export_all = False
        self.option_scopes: dict[int, tuple[Any, Callable[[Any], None]]] = {}

    def copy(self) -> "VariableTable":
        """A subshell's copy; `computed` and `on_set` are to be given anew."""
        new = VariableTable.__new__(VariableTable)
        new.values = self.values.copy()
        new.flags = self.flags.copy()
        new.computed = {}
        new.on_set = {}
        new.scopes = [list(scope) for scope in self.scopes]
        new.export_all = self.export_all
        new.option_scopes = {}
        return new

    def import_environment(self, environment: dict[str, str]) -> None:
        """Takes over the environment that the shell was started with."""
        for key, value in environment.items():
            name = from_machine(key)
            if name not in ("IFS", "OPTIND"):
                self.values[name] = from_machine(value)
            self.flags[name] = EXPORTED

    def environment(self) -> dict[str, str]:
        """The exported variables, in the order in which ash passes them on."""
        flags = self.flags
        return dict(_passed_on(tuple([pair for pair in self.values.items() if flags.get(pair[0], 0) & EXPORTED])))

    def get(self, name: str) -> str | None:
        """The value of a variable, None when it is unset."""
        if self.computed:
            compute = self.computed.get(name)
            if compute is not None:
                value = self.values[name] = compute()
                return value
        return self.values.get(name)

    def set(self, name: str, value: str, flags: int = 0) -> None:
        """Sets a variable, adding `flags` to those it has. Raises ShellError when it is read-only."""
        if self.export_all:
            flags |= EXPORTED
        if flags or name in self.flags:
            before = self.flags.get(name, 0)
            if before & READ_ONLY:
                raise ShellError(f"{name}: is read only")
            if flags & ~before:
                self.flags[name] = before | flags
        self.values[name] = value
        if name in self.on_set:
            self.on_set[name](value)

    def unset(self, name: str) -> None:
        """Makes a variable unset, with no flags."""
        if self.flags.get(name, 0) & READ_ONLY:
            raise ShellError(f"{name}: is read only")
        self.values.pop(name, None)
        self.flags.pop(name, None)
        self.computed.pop(name, None)
        if name in self.on_set:
            self.on_set[name](None)

    def push_scope(self) -> None:
        """Begins a scope of local variables."""
        self.scopes.append([])

    def pop_scope(self) -> None:
        """Ends the innermost scope: what its local variables hid comes back."""
        saved_options = self.option_scopes.pop(len(self.scopes), None)
        if saved_options is not None:
            saved_options[1](saved_options[0])
        saved = self.scopes.pop()
        for name, value, flags, computed in reversed(saved):
            if value is None:
                self.values.pop(name, None)
            else:
                self.values[name] = value
            if flags:
                self.flags[name] = flags
            else:
                self.flags.pop(name, None)
            if name in self.on_set:
                self.on_set[name](value)
            if computed is not None:
                self.computed[name] = computed
        for name, value, _, _ in saved:
            if value is None:  # `local` takes any name that has a value; that it is none shows when it is to be unset
                check_name(name)

    def pop_scopes(self, keep: int) -> None:
        """Ends scopes until `keep` are left."""
        while len(self.scopes) > keep:
            self.pop_scope()

    def save_options(self, options: Any, restore: Callable[[Any], None]) -> None:
        """Has the options restored at the end of the innermost scope, once."""
        self.option_scopes.setdefault(len(self.scopes), (options, restore))

    def make_local(self, name: str, value: str | None, flags: int = 0) -> None:
        """Makes a variable local to the innermost scope, with a value or (None) unset; a second time only sets it."""
        scope = self.scopes[-1]
        if any(saved.name == name for saved in scope):
            if value is not None:
                self.set(name, value, flags)
            return
        saved = Saved(name, self.values.get(name), self.flags.get(name, 0), self.computed.get(name))
        if saved.flags & READ_ONLY:
            raise ShellError(f"{name}: is read only")
        scope.append(saved)
        if value is not None:
            self.set(name, value, flags)
            return
        self.values.pop(name, None)
        self.computed.pop(name, None)
        if name in self.on_set:
            self.on_set[name](None)

    def listing(self, flag: int = 0) -> list[tuple[str, str | None]]:
        """Names and values, sorted by name: all that are set, or (set or not) those that have `flag`."""
        if flag:
            return [(name, self.values.get(name)) for name in sorted(self.flags) if self.flags[name] & flag]
        return sorted(self.values.items())


def is_name(text: str) -> bool:
    """Whether `text` can name a variable."""
    return NAME.fullmatch(text) is not None


def name_of(text: str) -> str:
    """The variable that `text` names: ash reads as far as an `=`. Raises ShellError when it is none."""
    name = text.partition("=")[0]
    check_name(name)
    return name


def check_name(text: str) -> None:
    """Raises ShellError unless `text` can name a variable."""
    if not is_name(text):
        raise ShellError(f"{text}: bad variable name")
