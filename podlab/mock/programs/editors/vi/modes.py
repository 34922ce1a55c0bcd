"""The commands that begin to insert or to replace, and how keys are typed then."""

from podlab.mock.programs.editors.vi.editor import INSERT, PARTIAL, REPLACE, Editor
from podlab.mock.programs.editors.vi.inserting import insert_key
from podlab.mock.programs.editors.vi.text import NEWLINE
from podlab.mock.programs.editors.vi.undo import Way
from podlab.mock.programs.keyboard import ESCAPE


async def typed(ed: Editor, key: str) -> bool:
    """Types a key in insert or replace mode. Returns False when it is a command."""
    is_char = len(key) == 1 and key != "\0"
    if ed.mode == REPLACE:
        if key == "insert":
            insert_mode(ed)
            return True
        if ed.text.at(ed.dot) != NEWLINE:
            if is_char:
                if key != ESCAPE and not ed.is_backspace(key):
                    ed.dot = ed.yank_delete(ed.dot, ed.dot, PARTIAL, Way.ALONE)
                ed.dot = await insert_key(ed, ed.dot, key, Way.CHAINED)
            return True
        ed.mode = INSERT
        ed.undo.commit()
    if ed.mode != INSERT:
        return False
    if key == "insert":
        await replace_mode(ed, key)
    elif is_char:
        ed.dot = await insert_key(ed, ed.dot, key, Way.QUEUED)
    return True


def insert_mode(ed: Editor) -> None:
    """From now on keys are typed."""
    ed.new_indent = -1
    ed.mode = INSERT
    ed.undo.commit()


async def insert(ed: Editor, key: str) -> None:
    """i, I, a and A."""
    if key == "I":
        ed.to_begin()
        ed.skip_blanks()
    elif key == "A":
        ed.to_end()
    if key in ("a", "A") and ed.text.at(ed.dot) != NEWLINE:
        ed.dot += 1
    insert_mode(ed)


async def replace_mode(ed: Editor, _key: str) -> None:
    """R."""
    ed.mode = REPLACE
    ed.undo.commit()
    ed.replace_start = ed.dot


async def open_line(ed: Editor, key: str) -> None:
    """o and O."""
    if key == "O":
        ed.to_begin()
        ed.new_indent = ed.text.column(ed.dot + ed.text.indent_length(ed.dot))
    else:
        ed.to_end()
    ed.mode = INSERT
    ed.dot = await insert_key(ed, ed.dot, "\n", Way.ALONE)
    if key == "O" and "autoindent" not in ed.options:
        ed.to_previous()
    insert_mode(ed)


async def escape(ed: Editor, _key: str) -> None:
    """Escape where nothing is typed."""
    await ed.beep()
    ed.undo.commit()
    ed.stop_recording()
    ed.screen.force_status()
