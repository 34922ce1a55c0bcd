"""What can end the run of a command, a script or a shell.

ShellError      an error in the shell's own work: its message is written, a script ends, an interactive shell goes on
ShellSyntaxError   the text cannot be parsed
Exit            the shell (or subshell) ends: `exit`, `set -e`, the end of a forked child
Interrupt       SIGINT arrived and is not trapped
"""


class ShellError(Exception):
    """An error that ends a non-interactive shell.

    Args:
        message: What is written after the shell's name; None when it has been written.
        status: The `$?` that it leaves.
        line: The line to name when it is not the current command's.
    """

    def __init__(self, message: str | None, status: int = 2, line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.line = line


class ShellSyntaxError(ShellError):
    """Text that is no shell program.

    Args:
        message: What is wrong, without the prefix.
        line: Where it was noticed, counted from the start of the text.

    Attributes:
        read: The lines of the command, as far as they had been read (`set -v` shows them).
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"syntax error: {message}", 2, line)
        self.read = ""


class Exit(Exception):
    """The shell ends.

    Args:
        status: The exit status, or None for the last command's.
        explicit: `exit` was called (inside a trap's action its status counts), rather than that commands came to their end.
    """

    def __init__(self, status: int | None = None, explicit: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.explicit = explicit


class Interrupt(Exception):
    """An untrapped SIGINT: an interactive shell drops the current command and prompts again."""


class StackOverflow(RecursionError):
    """Nesting that would have overflowed ash's stack: the process dies of SIGSEGV."""
