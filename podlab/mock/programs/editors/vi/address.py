"""Addresses before a colon command: lines by number, by mark, by search."""

from podlab.mock.programs.editors.vi.editor import Editor

BLANKS = b" \t"
_DIGITS = b"0123456789"


class BadAddress(Exception):
    """An address that leads nowhere; why was said."""


class Range:
    """The lines that a command is for.

    Attributes:
        first, last: Their numbers, -1 for none.
        given: How many addresses there were, 2 at most.
    """

    __slots__ = ("first", "given", "last")

    def __init__(self) -> None:
        self.first = self.last = -1
        self.given = 0


def read_range(ed: Editor, line: bytes) -> tuple[Range, bytes]:
    """Reads all addresses, of which the last two count. Returns them and what follows. Raises BadAddress."""
    found = Range()
    dot = ed.dot
    wants_address = True
    at = 0
    try:
        while at < len(line):
            char = line[at : at + 1]
            if char in BLANKS:
                at += 1
            elif wants_address and char == b"%":
                at += 1
                found.first, found.last, found.given = 1, ed.text.count_lines(0, ed.text.end - 1), 2
                wants_address = False
            elif wants_address:
                at, number, valid = _address(ed, line, at)
                if not valid and line[at : at + 1] not in (b",", b";") and not found.given:
                    break
                found.first, found.last = found.last, number
                found.given = min(found.given + 1, 2)
                wants_address = False
            elif char in b",;":
                if char == b";":
                    ed.dot = ed.text.find_line(found.last)
                at += 1
                wants_address = True
            else:
                break
        if wants_address and found.given and at >= len(line):
            found.first, found.last = found.last, ed.text.count_lines(0, ed.dot)
            found.given = 2
    finally:
        ed.dot = dot
    return found, line[at:]


def _address(ed: Editor, line: bytes, at: int) -> tuple[int, int, bool]:
    """One address: where it ends, its line, and whether there is one."""
    text = ed.text
    number = text.count_lines(0, ed.dot)
    valid = False
    sign = 0
    while True:
        char = line[at : at + 1]
        if char and char in BLANKS:
            if valid:
                number += sign
                sign = 0
            at += 1
        elif not valid and char in (b".", b"$", b"'", b"/", b"?") and char:
            number, at = _place(ed, line, at, number)
            valid = True
        elif char and char in _DIGITS:
            value = 0
            while (char := line[at : at + 1]) and char in _DIGITS:
                value = min(value * 10 + int(char), (1 << 31) - 1)
                at += 1
            number = value if not valid else number + (value if sign >= 0 else -value)
            valid = True
            sign = 0
        elif char in (b"-", b"+"):
            if valid:
                number += sign
            valid = True
            sign = -1 if char == b"-" else 1
            at += 1
        else:
            return at, number + sign, valid


def _place(ed: Editor, line: bytes, at: int, current: int) -> tuple[int, int]:
    text = ed.text
    char = line[at : at + 1]
    if char == b".":
        return current, at + 1
    if char == b"$":
        return text.count_lines(0, text.end - 1), at + 1
    if char == b"'":
        place = ed.marks.get(line[at + 1 : at + 2].decode("latin-1").lower())
        if place is None:
            ed.screen.complain("Mark not set")
            raise BadAddress
        return text.count_lines(0, place), at + 2
    stop = line.find(char, at + 1)
    after = stop + 1 if stop >= 0 else len(line)
    wanted = line[at + 1 : stop if stop >= 0 else len(line)]
    if wanted:
        ed.last_search = char + wanted
    forward = char == b"/"
    wanted = ed.last_search[1:]
    place = text.search(text.next_line(ed.dot) if forward else text.begin_line(ed.dot), wanted, forward)
    if place is None:
        place = text.search(0 if forward else text.end - 1, wanted, forward)
    if place is None:
        ed.screen.complain("Pattern not found")
        raise BadAddress
    return text.count_lines(0, place), after
