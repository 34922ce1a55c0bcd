"""`MAIL` and `MAILPATH`: an interactive shell tells of mail before a prompt, when a mailbox has changed."""

from typing import TYPE_CHECKING

from podlab.mock.kernel import SECOND
from podlab.mock.shell.encoding import to_machine

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell


class Mailboxes:
    """The mailboxes that the variables name. To ash they have changed when the sum of their times has."""

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.named: tuple[str | None, str | None] = (None, None)
        self.times = 0

    def have_changed(self) -> bool:
        """Whether any has changed since this was asked last, about the same ones."""
        variables = self.shell.variables
        named = variables.get("MAILPATH"), variables.get("MAIL")
        if named != self.named:
            self.named, self.times = named, 0
        before, self.times = self.times, sum(map(self._time, self._paths()))
        return before not in (0, self.times)

    def _paths(self) -> list[str]:
        path, box = self.named
        text = path if path is not None else box
        return [part.partition("%")[0] for part in text.split(":")] if text is not None else []

    def _time(self, path: str) -> int:
        try:
            return self.shell.process.stat(to_machine(path)).mtime_ns // SECOND if path else 0
        except OSError:
            return 0
