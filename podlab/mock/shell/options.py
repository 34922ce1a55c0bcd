"""The shell's options: `set -e`, `set -o pipefail` and their kin."""

from typing import Final

TABLE: Final = (
    ("e", "errexit"),
    ("f", "noglob"),
    ("I", "ignoreeof"),
    ("i", ""),
    ("m", "monitor"),
    ("n", "noexec"),
    ("s", ""),
    ("c", ""),
    ("x", "xtrace"),
    ("v", "verbose"),
    ("C", "noclobber"),
    ("a", "allexport"),
    ("b", "notify"),
    ("u", "nounset"),
    ("E", "errtrace"),
    ("", "vi"),
    ("", "pipefail"),
)
"""Letter and name of each option, in ash's order; those without a name cannot be set by `set`."""

WITHOUT_EFFECT: Final = ("vi",)
"""What can be asked for but stays off: busybox is built without it."""
_HIDDEN: Final = {"i": "interactive", "s": "stdin", "c": "command"}
LETTERS: Final = {letter: name for letter, name in TABLE if letter and name}
NAMES: Final = tuple(name for _, name in TABLE if name)


class Options:
    """Which options are on; an attribute each."""

    allexport: bool
    command: bool
    errexit: bool
    errtrace: bool
    ignoreeof: bool
    interactive: bool
    monitor: bool
    nounset: bool
    noclobber: bool
    noexec: bool
    noglob: bool
    notify: bool
    pipefail: bool
    stdin: bool
    verbose: bool
    vi: bool
    xtrace: bool

    def __init__(self) -> None:
        vars(self).update(dict.fromkeys((*NAMES, *_HIDDEN.values()), False))

    def copy(self) -> "Options":
        """The same options."""
        new = Options.__new__(Options)
        vars(new).update(vars(self))
        return new

    def flags(self) -> str:
        """The letters of the options that are on: `$-`."""
        return "".join(letter for letter, name in reversed(TABLE) if letter and getattr(self, name or _HIDDEN[letter]))
