"""A sed script, parsed."""

from dataclasses import dataclass, field

from podlab.mock.programs.regex import Regex


@dataclass(frozen=True, slots=True)
class Substitution:
    """What follows `s`.

    Attributes:
        regex: What is looked for; None is the regular expression that was used last when the script runs.
        replacement: Pieces: text, or the number of a group (0 for the whole match).
        which: Which match is replaced, 0 for all.
        prints: Whether the pattern space is printed after a replacement.
        file: Where it is written then.
    """

    regex: Regex | None
    replacement: tuple[bytes | int, ...]
    which: int
    prints: bool
    file: str | None


@dataclass(slots=True)
class Command:
    """A command with its addresses, and the state of its range.

    Lines count from 1, 0 is none and -1 the last one; an end of -2 - N is N lines after the beginning.

    Attributes:
        letter: The command.
        begin_line, begin_regex, end_line, end_regex: Its addresses.
        invert: It is for lines that are not addressed.
        text: Text of a, i, c; label of :, b, t, T; file of r, w; table of y.
        substitution: For s.
        jump: Index of the command that b, t, T go to (None: the end), or of the `}` of a `{`.
        active: Whether its range has begun and not ended.
        current_begin, current_end: The lines of the range while it is at work.
    """

    letter: str
    begin_line: int = 0
    begin_regex: Regex | None = None
    end_line: int = 0
    end_regex: Regex | None = None
    invert: bool = False
    text: bytes = b""
    substitution: Substitution | None = None
    jump: int | None = None
    active: bool = False
    current_begin: int = field(default=0, init=False)
    current_end: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.rewind()

    def rewind(self) -> None:
        """Makes the range ready for another file (-i)."""
        self.current_begin, self.current_end = self.begin_line, self.end_line

    @property
    def always(self) -> bool:
        """Whether it has no address."""
        return not (self.begin_line or self.end_line or self.begin_regex is not None or self.end_regex is not None)
