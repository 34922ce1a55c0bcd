"""The current record, `$0`, and its fields: each is made from the other when it is asked for."""

from podlab.mock.programs.applet import Die
from podlab.mock.programs.awk.lexer import AwkError
from podlab.mock.programs.awk.memory import Memory
from podlab.mock.programs.awk.records import split_fields

MAX_FIELDS = 1 << 20


class Record:
    """The record. A part of `interpreter.Interpreter`, which knows FS and OFS."""

    FS: str
    OFS: str
    RS: str
    IGNORECASE: object
    memory: Memory

    def __init__(self) -> None:
        self._text = ""
        self._fields: list[str] | None = []
        self._stale = False

    def record(self) -> str:
        """`$0`."""
        if self._stale:
            assert self._fields is not None
            self._text = self.OFS.join(self._fields)
            self._stale = False
        return self._text

    def set_record(self, text: str) -> str:
        """Assigns `$0`."""
        self._text = text
        self._fields = None
        self._stale = False
        return text

    def _split(self) -> list[str]:
        """The fields, cut when they are first asked for."""
        fields = self._fields
        if fields is None:
            if len(self.FS) < 2:
                self.memory.hold_fields(self._text, self.FS)
            fields = self._fields = split_fields(self._text, self.FS, bool(self.IGNORECASE), self.RS == "")
        return fields

    def field(self, number: int, line: int = 0) -> str:
        """`$number`. Raises AwkError for a negative one."""
        fields = self._fields
        if fields is None:
            fields = self._split()
        if 0 < number <= len(fields):
            return fields[number - 1]
        if number == 0:
            return self.record()
        if number < 0:
            raise AwkError("Access to negative field", line)
        return ""

    def put_field(self, number: int, text: str, line: int = 0) -> None:
        """Assigns `$number`, making the fields before it. Raises AwkError."""
        if number == 0:
            self.set_record(text)
            return
        if number < 0:
            raise AwkError("Access to negative field", line)
        fields = self._split()
        self._extend(fields, number)
        fields[number - 1] = text
        self._stale = True

    @staticmethod
    def _extend(fields: list[str], count: int) -> None:
        if count > MAX_FIELDS:
            raise Die("out of memory")
        fields += [""] * (count - len(fields))

    @property
    def NF(self) -> float:  # noqa: N802 - awk's name
        """How many fields there are."""
        return float(len(self._split()))

    def set_count(self, count: int) -> None:
        """Assigns NF. Raises AwkError."""
        if count < 0:
            raise AwkError("NF set to negative value", 0)
        fields = self._split()
        self._extend(fields, count)
        del fields[count:]
        self._stale = True
