"""The commands behind a colon."""

from collections.abc import Awaitable, Callable
from typing import Final

from podlab.mock.machine.errors import strerror
from podlab.mock.machine.process import Process
from podlab.mock.programs.editors.vi.address import BadAddress, read_range
from podlab.mock.programs.editors.vi.colonfiles import edit, leave, name, read, rewind, write
from podlab.mock.programs.editors.vi.colonline import Line, Stop, expand, refuse
from podlab.mock.programs.editors.vi.editor import WHOLE, Editor
from podlab.mock.programs.editors.vi.screen import BOLD, NORMAL
from podlab.mock.programs.editors.vi.settings import set_options
from podlab.mock.programs.editors.vi.substitution import substitute
from podlab.mock.programs.editors.vi.text import BLOCK, literal
from podlab.mock.programs.editors.vi.undo import Way
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.usage import BANNER

_SPACES: Final = b" \t\n\v\f\r"
CHAR_COST_NS: Final = 500
_SHELL: Final = "/bin/sh"
FEATURES: Final = """\
These features are available:
	Pattern searches with / and ?
	Last command repeat with .
	Line marking with 'x
	Named buffers with "x
	Some colon mode commands with :
	Settable options with ":set"
	Signal catching- ^C
	Job suspend and resume with ^Z
	Adapt to window re-sizes
"""


async def colon(ed: Editor, typed: bytes) -> None:
    """Does what a command line says."""
    typed = typed.lstrip(b":").lstrip(b" \t")
    if typed and not typed.startswith(b'"'):
        try:
            line = _parse(ed, typed)
            await _command(line.name)(ed, line)
        except (BadAddress, Stop):
            pass
    ed.dot = await ed.bound(ed.dot)


def _parse(ed: Editor, typed: bytes) -> Line:
    text = ed.text
    found, rest = read_range(ed, typed)
    name = rest.split(None, 1)[0] if rest.strip(_SPACES) and rest[:1] not in _SPACES else b""
    operand = rest[len(name) :].lstrip(b" \t")
    force = name.endswith(b"!")
    line = Line(name[:-1] if force else name, force, rest, operand, 0, text.end - 1, found.first, found.last, found.given)
    if not found.given:
        return line
    lines = text.count_lines(0, text.end - 1)
    if found.last < 0 or found.last > lines:
        refuse(ed, "Invalid range")
    line.start = text.find_line(found.last)
    line.stop = text.end_line(line.start)
    if found.given == 2:
        if found.first < 0 or found.first > lines or found.first > found.last:
            refuse(ed, "Invalid range")
        line.start = text.find_line(found.first)
    return line


# --- commands ---


async def _go(ed: Editor, line: Line) -> None:
    if line.last >= 0:
        ed.dot = ed.text.find_line(line.last)
        ed.skip_blanks()


async def _shell(ed: Editor, line: Line) -> None:
    command = expand(ed, line.rest[1:])
    ed.screen.clear_bottom()
    await ed.cooked()
    child = ed.proc.fork(lambda child: _run_shell(child, command))
    status = 0
    while True:
        try:
            ended = await ed.proc.waitpid(child.pid)
            break
        except InterruptedError:
            continue
    if ended is not None:
        status = ended.signal or ended.code << 8
    if status:
        ed.screen.put(f"\nshell returned {status}\n\n".encode())
        await ed.screen.flush()
    await ed.raw()
    await ed.hit_return()


async def _run_shell(child: Process, command: str) -> int:
    try:
        await child.exec(_SHELL, ["sh", "-c", command])
    except OSError as error:
        await child.write(2, f"vi: {strerror(error.errno or 0)}\n".encode())
        return 127


async def _where(ed: Editor, line: Line) -> None:
    ed.screen.say(str(line.last if line.given else ed.text.count_lines(0, ed.dot)))


async def _delete(ed: Editor, line: Line) -> None:
    line.here(ed)
    ed.dot = ed.yank_delete(line.start, line.stop, WHOLE, Way.ALONE)
    ed.skip_blanks()


async def _features(ed: Editor, _line: Line) -> None:
    ed.screen.clear_bottom()
    await ed.cooked()
    ed.screen.put(FEATURES.encode())
    await ed.screen.flush()
    await ed.raw()
    await ed.hit_return()


async def _list(ed: Editor, line: Line) -> None:
    line.here(ed)
    ed.screen.clear_bottom()
    ed.screen.put(b"\r\n")
    for place in range(line.start, line.stop + 1):
        byte = ed.text.at(place)
        if place % BLOCK == 0:
            await ed.screen.flush()
            await ed.proc.cpu(BLOCK * CHAR_COST_NS)
        if byte >= 128:
            ed.screen.put(BOLD + b"." + NORMAL)
        elif byte == 10:
            ed.screen.put(b"$\r\n")
        elif byte < 32 or byte == 127:
            ed.screen.put(b"^" + bytes((byte ^ 64,)))
        else:
            ed.screen.put(bytes((byte,)))
    await ed.hit_return()


async def _set(ed: Editor, line: Line) -> None:
    set_options(ed, to_text(line.operand))


async def _substitute(ed: Editor, line: Line) -> None:
    await substitute(ed, line.rest, line.start if line.given else None, line.first if line.given == 2 else line.last, line.last)


async def _version(ed: Editor, _line: Line) -> None:
    ed.screen.say(BANNER.split()[1].removeprefix("v"))


async def _yank(ed: Editor, line: Line) -> None:
    line.here(ed)
    ed.yank(line.start, line.stop, ed.register, WHOLE)
    lines = ed.text.count_lines(line.start, line.stop)
    ed.screen.say(f"Yank {lines} lines ({len(ed.registers[ed.register][0])} chars) into [{ed.register}]")


async def _unknown(ed: Editor, line: Line) -> None:
    ed.screen.complain(b"'" + literal(line.name or b"(NULL)") + b"' is not implemented")


_Action = Callable[[Editor, Line], Awaitable[None]]
_BY_PREFIX: Final[tuple[tuple[bytes, _Action], ...]] = (
    (b"delete", _delete),
    (b"edit", edit),
    (b"file", name),
    (b"features", _features),
    (b"list", _list),
    (b"quit", leave),
    (b"next", leave),
    (b"prev", leave),
    (b"read", read),
    (b"rewind", rewind),
    (b"set", _set),
)
_AFTER_SUBSTITUTE: Final[tuple[tuple[bytes, _Action], ...]] = ((b"version", _version), (b"write", write))
_EXACT: Final[dict[bytes, _Action]] = {b"": _go, b"=": _where, b"wq": write, b"wn": write, b"x": write}


def _command(word: bytes) -> _Action:
    """What a name stands for: an abbreviation of the first that it begins like."""
    if word in _EXACT:
        return _EXACT[word]
    if word.startswith(b"!"):
        return _shell
    for full, action in _BY_PREFIX:
        if full.startswith(word):
            return action
    if word.startswith(b"s"):
        return _substitute
    for full, action in _AFTER_SUBSTITUTE:
        if full.startswith(word):
            return action
    return _yank if b"yank".startswith(word) else _unknown
