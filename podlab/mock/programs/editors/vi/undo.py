"""What vi can undo: a stack of what was inserted and deleted, before which single characters queue up into one piece."""

from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from podlab.mock.programs.editors.vi.editor import Editor

QUEUE: Final = 256
ENTRY_BYTES: Final = 100


class Way(Enum):
    """How a change is to be remembered."""

    NOT = "not at all"
    ALONE = "by itself"
    CHAINED = "together with the change before"
    QUEUED = "together with others that follow, as one piece"


class Entry:
    """A change: what was deleted (`data`), or how much was inserted."""

    __slots__ = ("chained", "data", "length", "start")

    def __init__(self, start: int, length: int, data: bytes | None, chained: bool) -> None:
        self.start = start
        self.length = length
        self.data = data
        self.chained = chained


class Undo:
    """The changes of one editor.

    Attributes:
        size: The memory that they take.
    """

    def __init__(self, editor: "Editor") -> None:
        self._editor = editor
        self._stack: list[Entry] = []
        self._kind = ""
        self._start = 0
        self._deleted = bytearray()
        self._count = 0
        self.size = 0

    def clear(self) -> None:
        """Forgets all but what queues."""
        self._stack.clear()
        self.size = 0

    def inserted(self, start: int, length: int, way: Way) -> None:
        """Something was, or is about to be, inserted."""
        if way is Way.QUEUED:
            self._queue_insertion(start, length)
        elif way is not Way.NOT:
            self._push(start, length, None, way is Way.CHAINED)

    def deleted(self, start: int, length: int, way: Way) -> None:
        """Something is about to be deleted."""
        text = self._editor.text
        if way is Way.QUEUED:
            if length == 1:
                self._queue_deletion(start)
        elif way is not Way.NOT:
            if length == text.end:
                length -= 1  # a text that is emptied gets a newline of its own
            self._push(start, length, bytes(text.data[start : start + length]), way is Way.CHAINED)

    def _push(self, start: int, length: int, data: bytes | None, chained: bool) -> None:
        self._stack.append(Entry(start, length, data, chained))
        self.size += ENTRY_BYTES + len(data or b"")
        self._editor.modified += 1

    def _queue_deletion(self, start: int) -> None:
        if self._kind == "inserted":
            self.commit()
        self._kind = "deleted"
        self._start = start
        self._count += 1
        self._deleted[:0] = self._editor.text.data[start : start + 1]
        if self._count == QUEUE:
            self.commit()

    def _queue_insertion(self, start: int, length: int) -> None:
        if length < 1:
            return
        if self._kind == "deleted":
            self.commit()
        if not self._kind:
            self._kind = "inserted"
            self._start = start
        for _ in range(length):
            self._count += 1
            if self._count == QUEUE:
                self.commit()

    def commit(self) -> None:
        """Makes one change of what queues."""
        if not self._count:
            return
        length = self._count
        data = None
        if self._kind == "deleted":
            if length == self._editor.text.end:
                length -= 1
            data = bytes(self._deleted[:length])
        self._push(self._start, length, data, chained=False)
        self._kind, self._count = "", 0
        self._deleted.clear()

    def pop(self) -> None:
        """Undoes the last change, with all that it is chained to."""
        editor = self._editor
        while True:
            self.commit()
            if not self._stack:
                editor.screen.say("Already at oldest change")
                return
            entry = self._stack.pop()
            self.size -= ENTRY_BYTES + len(entry.data or b"")
            if entry.data is not None:
                editor.text.data[entry.start : entry.start] = entry.data
                done = "restored"
            else:
                editor.delete_hole(entry.start, entry.start + entry.length - 1, Way.NOT)
                done = "deleted"
            editor.screen.say(f"Undo [{editor.modified}] {done} {entry.length} chars at position {entry.start}")
            if not entry.chained:
                editor.dot = entry.start
                editor.screen.refresh()
            editor.modified -= 1
            if not entry.chained:
                return
