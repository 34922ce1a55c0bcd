"""The applet vi: its options, and one file after another."""

from contextlib import suppress
from functools import partial
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.editors.vi.colon import FEATURES, colon
from podlab.mock.programs.editors.vi.commands import do
from podlab.mock.programs.editors.vi.editor import COMMAND, MAX_INPUT, Editor, Interrupted
from podlab.mock.programs.editors.vi.files import load
from podlab.mock.programs.keyboard import CURSOR_POSITION, Hangup
from podlab.mock.programs.streams import to_bytes

_CHANGES: Final = 'aAcCdDiIJoOpPrRs"xX<>~'
_OTHERS_WRITE: Final = 0o022
_PATIENCE_NS: Final = 100_000_000


@applet("vi", "c:HhR")
async def vi(call: Call) -> int:
    """Edits files on the screen."""
    if "H" in call.options:
        await call.out.write_text(FEATURES)
    if call.options.any("Hh"):
        call.usage()
    ed = Editor(call)
    ed.do = partial(do, ed)
    ed.readonly = "R" in call.options
    commands = [to_bytes(each) for each in call.options.all("c")]
    await _read_startup(ed)
    ed.screen.put(b"\x1b[?1049h")
    while True:
        name = ed.files[ed.place] if 0 <= ed.place < len(ed.files) else None
        await _edit(ed, name, commands)
        ed.place += 1
        if ed.place >= len(ed.files):
            break
    ed.screen.put(b"\x1b[?1049l")
    await ed.screen.flush()
    return 0


async def _read_startup(ed: Editor) -> None:
    """$EXINIT, or ~/.exrc when it is the user's own."""
    commands = ed.proc.env.get("EXINIT")
    if commands is not None:
        await load(ed, None)
        await _run(ed, to_bytes(commands))
        return
    home = ed.proc.env.get("HOME")
    if not home:
        return
    path = f"{home.removesuffix('/')}/.exrc"
    try:
        status = ed.proc.stat(path)
    except OSError:
        return
    if status.mode & _OTHERS_WRITE or status.uid != ed.proc.uid:
        ed.screen.complain(".exrc: permission denied")
        return
    reader = await ed.call.open(path)
    text = await reader.read_all()
    reader.close()
    await load(ed, None)
    await _run(ed, text)


async def _run(ed: Editor, commands: bytes) -> None:
    for line in commands.split(b"\n"):
        if line and len(line) < MAX_INPUT:
            await colon(ed, line)


async def _edit(ed: Editor, name: str | None, commands: list[bytes]) -> None:
    """Edits one file."""
    ed.editing = True
    await ed.raw()
    ed.screen.measure()
    if not ed.screen.known:
        await _ask_size(ed)
    ed.screen.renew()
    await load(ed, name)
    ed.context = [0, 0]
    ed.screen.row = ed.screen.column = 0
    ed.catch_signals()
    while True:
        try:
            await _begin(ed, commands)
            while ed.editing:
                await _turn(ed)
            break
        except Interrupted:
            ed.screen.begin = ed.dot = 0
    ed.screen.clear_bottom()
    await ed.cooked()


async def _ask_size(ed: Editor) -> None:
    ed.screen.put(b"\x1b[999;999H\x1b[6n")
    await ed.screen.flush()
    if not await ed.keyboard.ready(_PATIENCE_NS):
        return
    with suppress(Hangup):  # the end of the input is for the editor to find
        if await ed.keyboard.key() == CURSOR_POSITION:
            ed.screen.set_size(*ed.keyboard.position)


async def _begin(ed: Editor, commands: list[bytes]) -> None:
    ed.mode = COMMAND
    ed.count = 0
    ed.screen.offset = 0
    ed.forget_keys()
    while commands:
        await _run(ed, commands.pop(0))
    await ed.screen.redraw(everything=False)


async def _turn(ed: Editor) -> None:
    """Reads a key and does what it says."""
    key = await ed.key()
    ed.remember_line()
    if not ed.recording and not ed.replaying and ed.mode == COMMAND and key in _CHANGES:
        ed.record(key)
    await ed.do(key)
    await ed.spend()
    if await ed.caught_up():
        ed.screen.refresh()
        await ed.screen.show_status()
