"""Substitution: `:s/old/new/g`, of texts, not of expressions."""

from typing import Final

from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.editors.vi.undo import Way

LINE_COST_NS: Final = 2_000


async def substitute(ed: Editor, command: bytes, start: int | None, first: int, last: int) -> None:
    """Puts a text in the place of another, once in each line, or (g) wherever it stands.

    Args:
        ed: The editor.
        command: From the s on.
        start: Where the first line begins; None for the line one is at.
        first: The number of the first line.
        last: The number of the last.
    """
    text, screen = ed.text, ed.screen
    mark = command[1:2]
    old, middle, rest = command[2:].partition(mark) if mark else (b"", b"", b"")
    if not middle:
        screen.say(":s expression missing delimiters")
        return
    new, _, flags = rest.partition(mark)
    if old:
        ed.last_search = b"/" + old
    elif len(ed.last_search) < 2:
        screen.complain("No previous search")
        return
    else:
        old = ed.last_search[1:]
    place = start
    if place is None:
        place = text.begin_line(ed.dot)
        first = last = text.count_lines(0, place)
    done = lines = 0
    for _ in range(first, last + 1):
        here = await _in_line(ed, place, old, new, everywhere=flags.startswith(b"g"), chained=bool(done))
        if here:
            ed.dot = place
            lines += 1
            done += here
        following = text.next_line(place)
        await ed.proc.cpu(LINE_COST_NS + following - place)
        place = following
    if not done:
        screen.complain("No match")
        return
    ed.skip_blanks()
    if done > 1:
        screen.say(f"{done} substitutions on {lines} lines")


async def _in_line(ed: Editor, line: int, old: bytes, new: bytes, everywhere: bool, chained: bool) -> int:
    """Substitutes in one line. Returns how often."""
    text, place, done = ed.text, line, 0
    while (found := text.search(place, old, forward=True, in_line=True)) is not None:
        ed.delete_hole(found, found + len(old) - 1, Way.CHAINED if chained or done else Way.ALONE)
        if new:
            ed.insert(found, new, Way.CHAINED)
        done += 1
        await ed.spend()
        place = found + len(new)
        if not everywhere or place >= text.end_line(line):
            break
    return done
