r"""Prompts: what `\w`, `\$` and their kin stand for, and how much room the prompt takes on the terminal."""

from collections.abc import Callable
from typing import Final, NamedTuple

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.shell.encoding import from_bytes, from_machine
from podlab.mock.shell.escapes import escape_at

_CLOCKS: Final = "T@At"
"""Each of them is the time of day, as hours and minutes."""
_DAY_MINUTES: Final = 24 * 60


class Prompt(NamedTuple):
    """A prompt as it is shown.

    Attributes:
        text: All of it.
        width: Columns that its last line takes.
    """

    text: str
    width: int

    @property
    def last_line(self) -> str:
        """What is shown again as the line is drawn anew."""
        return self.text.rpartition("\n")[2]


def read_prompt(text: str, value: Callable[[str], str]) -> Prompt:
    r"""Replaces the escapes in a prompt; those that mean nothing stand for their letter.

    Args:
        text: The prompt, its variables and substitutions already expanded.
        value: What a letter stands for.
    """
    out: list[str] = []
    width = index = 0
    bracket = "["
    while index < len(text):
        part = char = text[index]
        index += 1
        if char == "\\":
            if index == len(text):
                break
            part, after = ("", index) if text[index] == "t" else escape_at(text, index)
            if after == index:
                char = text[index]
                index += 1
                if char == bracket:
                    bracket = "]" if bracket == "[" else "["
                    continue
                part = value(char)
            else:
                char, index = part, after
        out.append(part)
        if char == "\n":
            width = 0
        elif bracket == "[":
            width += sum(not "\x80" <= each < "\xc0" for each in part)
    return Prompt("".join(out), width)


class PromptValues:
    """What letters after a backslash stand for.

    Args:
        process: Whose prompt it is.
        variable: Gives a variable of the shell.
    """

    def __init__(self, process: Process, variable: Callable[[str], str | None]) -> None:
        self.process = process
        self.variable = variable
        self.user = self.home = ""

    async def find_user(self) -> None:
        """Looks up who the user is."""
        uid = str(self.process.uid)
        entry = await account(self.process, lambda fields: fields[2] == uid)
        if entry is not None:
            self.user, self.home = entry[0], entry[5]

    def __call__(self, letter: str) -> str:
        """What a letter stands for."""
        process = self.process
        match letter:
            case "$":
                return "#" if process.uid == 0 else "$"
            case "w":
                return self._directory()
            case "W":
                return self._directory().rpartition("/")[2]
            case "h" | "H":
                name = from_machine(process.uts.hostname)
                return name if letter == "H" else name.partition(".")[0]
            case "u":
                return self.user
        if letter in _CLOCKS:
            hours, minutes = divmod(process.kernel.wall_ns // (60 * SECOND) % _DAY_MINUTES, 60)
            return f"{hours:02}:{minutes:02}"
        return letter

    def _directory(self) -> str:
        path = self.variable("PWD") or "?"
        home = self.variable("HOME") or self.home
        inside = home and path.startswith(home) and path[len(home) : len(home) + 1] in ("", "/")
        return "~" + path[len(home) :] if inside else path


async def account(process: Process, wanted: Callable[[list[str]], bool]) -> list[str] | None:
    """The fields of the first account in /etc/passwd that is `wanted`; None when there is none."""
    try:
        fd = await process.open("/etc/passwd")
    except OSError:
        return None
    text = from_bytes(await process.read_all(fd, 1 << 20))
    process.close(fd)
    entries = (line.split(":") for line in text.split("\n"))
    return next((fields for fields in entries if len(fields) > 5 and wanted(fields)), None)
