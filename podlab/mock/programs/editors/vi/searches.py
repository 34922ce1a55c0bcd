"""The commands that look for something: for a character in the line, for a text, for a mark."""

from typing import Final

from podlab.mock.programs.editors.vi.editor import Editor
from podlab.mock.programs.streams import to_bytes

CHAR_COST_NS: Final = 500


async def find_char(ed: Editor, key: str) -> None:
    """f, F, t and T."""
    typed = await ed.key()
    ed.last_char = key, ord(typed) if len(typed) == 1 else 256
    await _to_char(ed, key)


async def find_char_again(ed: Editor, key: str) -> None:
    """; and , for the other direction."""
    command = ed.last_char[0]
    await _to_char(ed, command if key == ";" else command.swapcase())


async def _to_char(ed: Editor, command: str) -> None:
    if not command or not ed.last_char[1]:
        return
    text, place, forward = ed.text, ed.dot, command.islower()
    wanted = bytes((ed.last_char[1] & 255,))
    start, stop = text.begin_line(place), text.data.find(b"\n", place + 1)
    stop = stop if stop >= 0 else text.end
    while True:
        place = text.data.find(wanted, place + 1, stop) if forward else text.data.rfind(wanted, start, place)
        if place < 0:
            await ed.beep()
            return
        ed.count -= 1
        if ed.count <= 0:
            break
        await ed.proc.cpu(CHAR_COST_NS)
    ed.dot = place
    if command == "t":
        ed.left()
    elif command == "T":
        ed.right()


async def search(ed: Editor, key: str) -> None:
    """/ and ?: asks for a text, and goes there."""
    typed = await ed.input_line(key.encode())
    if not typed:
        return
    if len(typed) > 1:
        ed.last_search = typed
    elif ed.last_search:
        ed.last_search = typed + ed.last_search[1:]
    await search_again(ed, "n")


async def search_again(ed: Editor, key: str) -> None:
    """n, and N for the other direction."""
    forward = (ed.last_search[:1] == b"/") == (key == "n")
    wanted = ed.last_search[1:]
    if not wanted:
        ed.screen.complain("No previous search")
        return
    text = ed.text
    while True:
        found = text.search(ed.dot + (1 if forward else -1), wanted, forward)
        if found is None:
            found = text.search(0 if forward else text.end - 1, wanted, forward)
            if found is None:
                ed.screen.complain("Pattern not found")
                return
            sides = ("BOTTOM", "TOP") if forward else ("TOP", "BOTTOM")
            ed.screen.complain(to_bytes("search hit {}, continuing at {}".format(*sides)))
        ed.dot = found
        ed.count -= 1
        if ed.count <= 0:
            return
        await ed.spend(ed.text.end)


# --- marks ---


async def mark(ed: Editor, _key: str) -> None:
    """m."""
    letter = (await ed.key()).lower()
    if _is_letter(letter):
        ed.marks[letter] = ed.dot
    else:
        await ed.beep()


async def to_mark(ed: Editor, _key: str) -> None:
    """' and a letter, or ' for the place before."""
    letter = (await ed.key()).lower()
    if _is_letter(letter):
        place = ed.marks.get(letter)
        if place is None or place >= ed.text.end:
            await ed.beep()
            return
        ed.dot = place
    elif letter == "'":
        previous = ed.context[1]
        if previous is not None and previous <= ed.text.end - 1:
            ed.context = [previous, ed.dot]
            ed.dot = previous
        ed.context_kept = True
    else:
        await ed.beep()
        return
    ed.to_begin()
    ed.skip_blanks()


def _is_letter(key: str) -> bool:
    return len(key) == 1 and "a" <= key <= "z"
