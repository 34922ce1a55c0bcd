"""Brackets: where the one stands that matches another."""

import re
from typing import Final

from podlab.mock.programs.editors.vi.editor import Editor

BRACKETS: Final = b"()[]{}"
BLOCK: Final = 4096
COST_NS: Final = 20_000


async def find_pair(ed: Editor, place: int) -> int | None:
    """The bracket that matches the one at a place; None when there is none."""
    data = ed.text.data
    bracket = bytes(data[place : place + 1])
    which = BRACKETS.index(bracket) ^ 1
    forward = bool(which & 1)
    pair = re.compile(b"[" + re.escape(bracket + BRACKETS[which : which + 1]) + b"]")
    level = 0
    start = place if forward else place + 1
    while start < len(data) if forward else start > 0:
        stop = start + BLOCK if forward else max(start - BLOCK, 0)
        found = [each.start() for each in pair.finditer(data, min(start, stop), max(start, stop))]
        for at in found if forward else reversed(found):
            level += 1 if data[at] == bracket[0] else -1
            if level == 0:
                return at
        start = stop
        await ed.proc.cpu(COST_NS + 100 * len(found))
    return None
