"""What goes wrong with the gradebook's file, in words for the instructor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from podlab.errors import PodlabError

AGAIN: Final = "what is graded stays; the same command goes on from there."
UPGRADE: Final = "keep a copy of it, then: nbgrader db upgrade"
COPY: Final = "put a copy of it in its place. Without one, move it away and grade again; manual points are lost then."

# (what SQLite says, what that means, how to mend it): the first row that fits is used.
TROUBLES: Final = (
    ("database is locked", "another program is writing to it", f"end it (Formgrader, nbgrader, a DB browser), or wait; {AGAIN}"),
    ("readonly database", "it cannot be written to", "let yourself write to the file and to the folder that it is in."),
    ("unable to open database file", "it cannot be opened", "let yourself read and write the file and the folder that it is in."),
    ("database or disk is full", "the disk is full", f"make room; {AGAIN}"),
    ("disk I/O error", "its disk fails", f"look after the disk; {AGAIN}"),
    ("no such column", "another version of nbgrader made it", UPGRADE),
    ("no such table", "another version of nbgrader made it", UPGRADE),
    ("malformed", "the file is damaged", COPY),
    ("not a database", "the file is damaged", COPY),
)  # fmt: skip


class GradebookError(PodlabError):
    """The gradebook's file cannot be used."""


@contextmanager
def understood(url: str) -> Iterator[None]:
    """Tells what goes wrong inside with the database of that URL.

    Raises:
        GradebookError: Instead of what the database's driver raises.
    """
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        said = " ".join(str(error.orig).split())
        what, hint = next(((means, hint) for words, means, hint in TROUBLES if words in said), ("it cannot be used", ""))
        raise GradebookError(f"The gradebook {url.removeprefix('sqlite:///')}: {what} ({said}).", hint) from error
