"""Rows of less's screen: how lines are cut into them."""


class Row:
    """What fits into a row of the screen: its text, and the number of its line, counted from 0."""

    __slots__ = ("number", "text")

    def __init__(self, text: bytes, number: int) -> None:
        self.text = text
        self.number = number


def wrapped(text: bytes, room: int) -> list[bytes]:
    """A line in rows."""
    pieces = []
    start = column = 0
    for index, byte in enumerate(text):
        column = column + 1 if byte != 9 else (column + 1 + 7) & ~7
        if column >= room:
            pieces.append(text[start : index + 1])
            start, column = index + 1, 0
    pieces.append(text[start:])
    return pieces


def columns(text: bytes) -> int:
    """How many columns a text takes."""
    column = 0
    for byte in text:
        column = column + 1 if byte != 9 else (column + 1 + 7) & ~7
    return column
