"""Completion of commands and file names on a terminal."""

import stat
from typing import TYPE_CHECKING

from podlab.mock.shell.encoding import from_machine, to_machine

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

_BREAKS = ' \t;|&(<>`"'
_COMMAND_STARTS = ";|&(`"


class Completer:
    """Finds what the word before the cursor may become."""

    __slots__ = ("shell",)

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell

    def matches(self, text: str) -> tuple[int, list[str]]:
        """Where the last word of `text` begins, and the words that begin like it; directories end in a slash."""
        start = len(text)
        while start and text[start - 1] not in _BREAKS:
            start -= 1
        word = text[start:]
        before = text[:start].rstrip(" \t")
        is_command = not before or before[-1] in _COMMAND_STARTS
        directories_only = before.endswith("cd") and before[:-2].rstrip() in ("", ";", "&&", "||")
        found = set(self.files(word, directories_only, executable=is_command))
        if is_command and "/" not in word:
            found = set(self.commands(word))
        return start, sorted(found)

    def commands(self, word: str) -> list[str]:
        """Commands that begin with `word`."""
        shell = self.shell
        names = [*shell.builtins, *shell.functions, *shell.aliases]
        for folder in (shell.variables.get("PATH") or "").split(":"):
            names += self.files(word, directories_only=False, folder=folder or ".", executable=True)
        return [name for name in names if name.startswith(word) and not name.endswith("/")]

    def files(self, word: str, directories_only: bool, folder: str = "", executable: bool = False) -> list[str]:
        """Files that begin with `word`."""
        process = self.shell.process
        head, slash, tail = word.rpartition("/")
        place = folder or (head + slash) or "."
        if place.startswith("~/"):
            place = (self.shell.variables.get("HOME") or "") + place[1:]
        try:
            names = process.listdir(to_machine(place))
        except OSError:
            return []
        found = []
        for raw in names:
            name = from_machine(raw)
            if not name.startswith(tail) or (name.startswith(".") and not tail.startswith(".")):
                continue
            try:
                mode = process.stat(f"{to_machine(place).rstrip('/')}/{raw}").mode
            except OSError:
                continue
            is_directory = stat.S_ISDIR(mode)
            if (directories_only and not is_directory) or (executable and not is_directory and not mode & 0o111):
                continue
            found.append(head + slash + name + ("/" if is_directory else ""))
        return found
