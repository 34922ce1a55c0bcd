"""Reading and writing the files that vi edits."""

import errno
import stat
from typing import Final

from podlab.mock.machine.core import W_OK
from podlab.mock.machine.descriptors import O_CREAT, O_WRONLY
from podlab.mock.machine.errors import strerror
from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.editors.vi.inserting import insert_key
from podlab.mock.programs.editors.vi.undo import Way

_ANY_WRITE: Final = 0o222
NO_NAME: Final = -2
FAILED: Final = -1


def update_name(ed: Editor, name: str) -> None:
    """The file is called so from now on, and what it was called is the other name."""
    if name != ed.name:
        ed.other_name, ed.name = ed.name, name


def note_name(ed: Editor, name: str) -> None:
    """A file was read or written: its name is the other one, or the first."""
    if ed.name is None:
        ed.name = name
    else:
        ed.other_name = name


async def load(ed: Editor, name: str | None) -> int:
    """Begins to edit a file, or nothing. Returns its size, below 0 for none."""
    ed.text.data = bytearray()
    ed.screen.begin = ed.dot = 0
    size = FAILED
    if name is not None:
        update_name(ed, name)
        size = await insert_file(ed, name, 0, initial=True)
    if size <= 0 or not ed.text.data.endswith(b"\n"):
        await insert_key(ed, ed.text.end, "\n", Way.NOT)
    ed.undo.clear()
    ed.modified = 0
    ed.screen.recount()
    ed.marks.clear()
    ed.context = [None, None]
    return size


async def insert_file(ed: Editor, name: str, place: int, initial: bool = False) -> int:
    """Inserts a file at a place. Returns its size; below 0 after saying why not, but for a first file that is not there."""
    proc = ed.proc
    try:
        fd = await proc.open(name)
    except OSError as error:
        if not initial:
            _complain(ed, name, error)
        return FAILED
    status = proc.fstat(fd)
    size = FAILED
    if not stat.S_ISREG(status.mode):
        ed.screen.complain(f"'{name}' is not a regular file")
    else:
        try:
            data = await proc.read_all(fd)
            size = len(data)
            ed.insert(place, data, Way.ALONE)
            await ed.spend(size)
        except OSError as error:
            _complain(ed, name, error)
    proc.close(fd)
    if initial and (not status.mode & _ANY_WRITE or not _may_write(ed, name)):
        ed.readonly = True
    return size


def _may_write(ed: Editor, name: str) -> bool:
    try:
        ed.proc.access(name, W_OK)
    except OSError:
        return False
    return True


def _complain(ed: Editor, name: str, error: OSError) -> None:
    ed.screen.complain(f"'{name}' {strerror(error.errno or 0)}")


async def write_file(ed: Editor, name: str | None, first: int, last: int, complaint: str = "") -> int:
    """Writes a part of the text into a file.

    Returns:
        How many bytes, 0 when not all could be written; below 0 after saying why not.
    """
    if name is None:
        ed.screen.complain("No current filename")
        return NO_NAME
    proc = ed.proc
    try:
        fd = await proc.open(name, O_WRONLY | O_CREAT)
    except OSError as error:
        if complaint:
            ed.screen.complain(complaint + strerror(error.errno or 0))
        else:
            _complain(ed, name, error)
        return FAILED
    data = bytes(ed.text.data[first : last + 1])
    written = 0
    try:
        written = await proc.write(fd, data)
    except OSError as error:
        if error.errno == errno.EINTR:
            raise
        written = 0
    proc.ftruncate(fd, written)
    proc.close(fd)
    return written if written == len(data) else 0
