"""System V objects: memory, semaphores and queues that processes of a pod find by a key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

PAGE: Final = 4096


@dataclass(slots=True, kw_only=True)
class IpcObject:
    """What all of them have.

    Attributes:
        key: What they are found by.
        uid, gid, mode: Whose it is, and who may use it.
        creator, user: Process numbers: who made it, and who used it last.
        changed_ns, used_ns: When it was made, and when it was used (0: never); Unix nanoseconds.
        number: Its id, given when it is entered in its table.
    """

    key: int
    uid: int = 0
    gid: int = 0
    mode: int = 0o644
    creator: int = 0
    user: int = 0
    changed_ns: int = 0
    used_ns: int = 0
    number: int = 0


@dataclass(slots=True, kw_only=True)
class Segment(IpcObject):
    """A piece of memory with a mark in it, as a circular buffer needs it.

    Attributes:
        data: The memory.
        size: How much was asked for.
        tail: Where the next byte goes.
        attached: By how many processes.
        left_ns: When one went last.
        destroyed: Whether it was removed, and is there only for those that use it.
    """

    data: bytearray
    size: int
    tail: int = 0
    attached: int = 1
    left_ns: int = 0
    destroyed: bool = False

    @property
    def pages(self) -> int:
        """What it takes."""
        return -(-self.size // PAGE)


@dataclass(slots=True, kw_only=True)
class Semaphores(IpcObject):
    """An array of semaphores.

    Attributes:
        values: Of each; `users`: which process changed it last.
    """

    values: list[int]
    users: list[int]


Kind = TypeVar("Kind", bound=IpcObject)


class IpcTable(Generic[Kind]):
    """All objects of a kind, by id."""

    def __init__(self) -> None:
        self._by_number: dict[int, Kind] = {}
        self._next = 0

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._by_number.values())

    def __len__(self) -> int:
        return len(self._by_number)

    def get(self, key: int) -> Kind | None:
        """The object of a key."""
        return next((each for each in self if each.key == key), None)

    def of_number(self, number: int) -> Kind | None:
        """The object of an id."""
        return self._by_number.get(number)

    def add(self, what: Kind) -> Kind:
        """Enters an object, and gives it its id."""
        what.number, self._next = self._next, self._next + 1
        self._by_number[what.number] = what
        return what

    def remove(self, what: Kind) -> None:
        """Takes an object out, or when it is in use yet, its key: it goes with the last who uses it."""
        if isinstance(what, Segment) and what.attached:
            what.key, what.destroyed = 0, True
        else:
            self._by_number.pop(what.number, None)

    def detach(self, segment: Kind, now_ns: int) -> None:
        """A process uses a segment no more."""
        assert isinstance(segment, Segment)
        segment.attached -= 1
        segment.left_ns = now_ns
        if segment.destroyed and not segment.attached:
            self._by_number.pop(segment.number, None)


class IpcNamespace:
    """The System V objects that the containers of a pod share. Whoever made one has paid for it."""

    def __init__(self) -> None:
        self.segments: IpcTable[Segment] = IpcTable()
        self.semaphores: IpcTable[Semaphores] = IpcTable()
        self.queues: IpcTable[IpcObject] = IpcTable()
        self.number = 0
