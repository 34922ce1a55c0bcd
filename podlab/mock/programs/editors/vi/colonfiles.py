"""The colon commands about files."""

from podlab.mock.programs.editors.vi.colonline import Line, check_saved, expand, refuse
from podlab.mock.programs.editors.vi.editor import LINE_REGISTER, Editor
from podlab.mock.programs.editors.vi.files import insert_file, load, note_name, update_name, write_file


async def edit(ed: Editor, line: Line) -> None:
    """Edits another file, or the same anew."""
    check_saved(ed, line)
    path = expand(ed, line.operand) if line.operand else ed.name
    if path is None:
        refuse(ed, "No current filename")
    size = await load(ed, path)
    ed.registers.pop(LINE_REGISTER, None)
    ed.registers.pop(ed.register, None)
    lines = ed.text.count_lines(0, ed.text.end - 1)
    new = " [New file]" if size < 0 else ""
    ed.screen.say(f"'{path}'{new}{_readonly(ed)} {lines}L, {ed.text.end}C")


def _readonly(ed: Editor) -> str:
    return " [Readonly]" if ed.readonly else ""


async def name(ed: Editor, line: Line) -> None:
    """Tells the file's name, or sets it."""
    if line.last >= 0:
        refuse(ed, "No address allowed on this command")
    if line.operand:
        update_name(ed, expand(ed, line.operand))
    else:
        ed.screen.force_status()


async def leave(ed: Editor, line: Line) -> None:
    """Leaves; also for the next file, and the one before."""
    what = line.name[:1]
    if line.force:
        if what == b"q":
            ed.place = len(ed.files)
        ed.editing = False
        return
    check_saved(ed, line)
    more = len(ed.files) - ed.place - 1
    if what == b"q" and more > 0:
        refuse(ed, f"{more} more file(s) to edit")
    if what == b"n" and more <= 0:
        refuse(ed, "No more files to edit")
    if what == b"p":
        if ed.place < 1:
            refuse(ed, "No previous files to edit")
        ed.place -= 2
    ed.editing = False


async def read(ed: Editor, line: Line) -> None:
    """Reads a file behind a line."""
    text = ed.text
    if line.operand:
        path = expand(ed, line.operand)
        note_name(ed, path)
    elif ed.name is None:
        ed.screen.complain("No current filename")
        return
    else:
        path = ed.name
    place = 0
    if line.last != 0:
        place = text.next_line(text.find_line(line.last) if line.given else ed.dot)
        if place == text.end - 1:
            place += 1
    number = text.count_lines(0, place) + (place == text.end)
    size = await insert_file(ed, path, place)
    if size < 0:
        return
    ed.screen.say(f"'{path}'{_readonly(ed)} {text.count_lines(place, place + size - 1)}L, {size}C")
    ed.dot = text.find_line(number)


async def rewind(ed: Editor, line: Line) -> None:
    """Goes to the first file."""
    check_saved(ed, line)
    ed.place = -1
    ed.editing = False


async def write(ed: Editor, line: Line) -> None:
    """Writes lines, and may leave after it."""
    target = _target(ed, line)
    size = written = 0
    if ed.modified or line.name[:1] != b"x":
        size = line.stop - line.start + 1
        written = await write_file(ed, target, line.start, line.stop)
    if written < 0:
        return
    lines = ed.text.count_lines(line.start, line.start + written - 1)
    ed.screen.say(f"'{target}' {lines}L, {written}C")
    if written != size:
        return
    if line.start == 0 and written == ed.text.end:
        ed.modified = 0
        ed.screen.recount()
    if line.name[1:2] == b"n":
        ed.editing = False
    elif line.name[:1] == b"x" or line.name[1:2] == b"q":
        _leave_after_writing(ed, line)


def _target(ed: Editor, line: Line) -> str | None:
    """Where to write to. Stops when that may not be."""
    if line.operand:
        target = expand(ed, line.operand)
        if not line.force and target != ed.name and _exists(ed, target):
            refuse(ed, "File exists (:w! overrides)")
        note_name(ed, target)
        return target
    if ed.readonly and not line.force and ed.name is not None:
        refuse(ed, f"'{ed.name}' is read only")
    return ed.name


def _leave_after_writing(ed: Editor, line: Line) -> None:
    more = len(ed.files) - ed.place - 1
    if more > 0:
        if not line.force:
            refuse(ed, f"{more} more file(s) to edit")
        ed.place = len(ed.files)
    ed.editing = False


def _exists(ed: Editor, name: str) -> bool:
    try:
        ed.proc.stat(name)
    except OSError:
        return False
    return True
