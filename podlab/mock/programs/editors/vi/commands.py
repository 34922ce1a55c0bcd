"""All commands, by their keys, and what is common to them."""

from typing import Final

from podlab.mock.programs.editors.vi.changes import flip_case, join, repeat, replace_char, shift, undo, undo_line
from podlab.mock.programs.editors.vi.colon import colon
from podlab.mock.programs.editors.vi.deleting import change, delete_char, delete_key, name_register, put, to_line_end
from podlab.mock.programs.editors.vi.editor import COMMAND, Editor
from podlab.mock.programs.editors.vi.files import write_file
from podlab.mock.programs.editors.vi.inserting import insert_key
from podlab.mock.programs.editors.vi.modes import escape, insert, open_line, replace_mode, typed
from podlab.mock.programs.editors.vi.moves import MOVES, Command
from podlab.mock.programs.editors.vi.text import NEWLINE, literal
from podlab.mock.programs.editors.vi.undo import Way
from podlab.mock.programs.keyboard import ESCAPE

CONTEXT_KEYS: Final = ":%{}'GHLMz/?Nn"
CURSOR_KEYS: Final = frozenset(("up", "down", "left", "right", "home", "end", "page up", "page down", "delete"))


async def do(ed: Editor, key: str) -> None:
    """Does what a key says, in whatever mode."""
    ed.context_kept = False
    before = ed.dot
    ed.screen.keep_index = False
    ed.error = False
    await ed.screen.show_status()
    if key in CURSOR_KEYS or not await typed(ed, key):
        command = COMMANDS.get(key)
        if command is not None:
            await command(ed, key)
        elif key != "\0":
            ed.screen.complain(b"'" + literal(key.encode("latin-1") if len(key) == 1 else b"\xff") + b"' is not implemented")
            ed.stop_recording()
    if not ed.text.end:
        await insert_key(ed, 0, "\n", Way.NOT)
        ed.dot = 0
    if ed.dot != ed.text.end:
        ed.dot = await ed.bound(ed.dot)
    if ed.dot != before and not ed.context_kept and key in CONTEXT_KEYS:
        ed.context = [ed.dot, ed.context[0]]
    if not (len(key) == 1 and key in "0123456789"):
        ed.count = 0
    if ed.text.at(ed.dot) == NEWLINE and ed.mode == COMMAND and ed.dot > ed.text.begin_line(ed.dot):
        ed.dot -= 1


async def ask_colon(ed: Editor, _key: str) -> None:
    """A command line."""
    await colon(ed, await ed.input_line(b":"))


async def redraw(ed: Editor, _key: str) -> None:
    """^L and ^R."""
    await ed.screen.redraw(everything=True)


async def status(ed: Editor, _key: str) -> None:
    """^G."""
    ed.screen.force_status()


async def leave(ed: Editor, _key: str) -> None:
    """ZZ writes what has changed and leaves, ZQ leaves."""
    key = await ed.key()
    if key == "Q":
        ed.editing = False
        ed.place = len(ed.files)
        return
    if key != "Z":
        await ed.beep()
        return
    if not ed.modified:
        ed.editing = False
    elif ed.readonly and ed.name is not None:
        ed.screen.complain(f"'{ed.name}' is read only")
        return
    else:
        written = await write_file(ed, ed.name, 0, ed.text.end - 1, "Write error: ")
        if written == ed.text.end:
            ed.editing = False
    more = len(ed.files) - ed.place - 1
    if not ed.editing and more > 0:
        ed.editing = True
        ed.modified = 0
        ed.screen.recount()
        ed.screen.complain(f"{more} more file(s) to edit")


_TABLE: Final[dict[Command, tuple[str, ...]]] = {
    insert: ("i", "I", "a", "A", "insert"),
    replace_mode: ("R",),
    open_line: ("o", "O"),
    escape: (ESCAPE,),
    delete_char: tuple("xXs"),
    delete_key: ("delete",),
    to_line_end: ("C", "D"),
    change: tuple("cdyY"),
    name_register: ('"',),
    put: ("p", "P"),
    shift: ("<", ">"),
    join: ("J",),
    replace_char: ("r",),
    flip_case: ("~",),
    undo: ("u",),
    undo_line: ("U",),
    repeat: (".",),
    ask_colon: (":",),
    redraw: ("\x0c", "\x12"),
    status: ("\x07",),
    leave: ("Z",),
}
COMMANDS: Final[dict[str, Command]] = {**MOVES, **{key: command for command, keys in _TABLE.items() for key in keys}}
