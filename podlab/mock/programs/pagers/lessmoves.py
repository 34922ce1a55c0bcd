"""Going about in the text of less: by rows, by lines, and to what matches an expression."""

from typing import TYPE_CHECKING, Final

from podlab.mock.programs.pagers.lesstext import MAX_LINES
from podlab.mock.programs.regex import RegexError, compile_regex
from podlab.mock.programs.streams import to_bytes

if TYPE_CHECKING:
    from podlab.mock.programs.pagers.less import Less

_OPPOSITE: Final = {"(": b")", "[": b"]", "{": b"}", ")": b"(", "]": b"[", "}": b"{"}


class Moves:
    """The ways to go about in a text.

    Attributes:
        match: Which of the rows that match one is at.
    """

    def __init__(self, pager: "Less") -> None:
        self.pager = pager
        self.text = pager.text
        self.screen = pager.screen
        self.backwards = False
        self.match = 0

    # --- moving ---

    async def down(self, rows: int) -> None:
        """Goes on."""
        if self.text.truncates:
            await self.text.go_to_line(self.text.rows[self.text.top].number + rows)
        else:
            self.text.top += rows
        await self.pager.read()
        await self.text.keep_in_sight()
        await self.pager.show()

    async def up(self, rows: int) -> None:
        """Goes back."""
        if self.text.truncates:
            await self.text.go_to_line(self.text.rows[self.text.top].number - rows)
        else:
            self.text.top = max(self.text.top - rows, 0)
        await self.pager.read()
        await self.pager.show()

    async def to_row(self, index: int) -> None:
        """Goes to a row."""
        self.text.top = max(index, 0)
        await self.pager.read()
        await self.text.keep_in_sight()
        await self.pager.show()

    async def to_line(self, number: int) -> None:
        """Goes to where a line begins, counted from 0."""
        await self.text.go_to_line(number)
        await self.pager.read()
        await self.text.keep_in_sight()
        await self.pager.show()

    @property
    def page(self) -> int:
        """How many rows the screen has."""
        return self.text.last_shown + 1

    async def line_down(self, _key: str) -> None:
        """Down a row."""
        await self.down(1)

    async def line_up(self, _key: str) -> None:
        """Up a row."""
        await self.up(1)

    async def page_down(self, _key: str) -> None:
        """Down a screen."""
        await self.down(self.page)

    async def page_up(self, _key: str) -> None:
        """Up a screen."""
        await self.up(self.page)

    async def half_down(self, _key: str) -> None:
        """Down half a screen."""
        await self.down(self.page // 2)

    async def half_up(self, _key: str) -> None:
        """Up half a screen."""
        await self.up(self.page // 2)

    async def start(self, _key: str) -> None:
        """To the first row."""
        await self.to_row(0)

    async def end(self, _key: str) -> None:
        """To the last row."""
        self.text.top = MAX_LINES
        await self.pager.read()
        await self.to_row(self.text.top)

    # --- searching ---

    async def search(self, key: str) -> None:
        """Asks for an expression, and goes to the next row that matches."""
        self.backwards = key == "?"
        text, screen = self.text, self.screen
        text.matches = []
        text.pattern = None
        self.match = 0
        screen.clear_line()
        screen.put(key.encode())
        typed = await self.pager.line(1)
        if not typed:
            await self.pager.draw()
            return
        try:
            text.pattern = compile_regex(to_bytes(typed), extended=False, ignore_case="I" in self.pager.flags)
        except RegexError as error:
            screen.say(str(error))
            return
        await text.match(0)
        while self.match < len(text.matches) and text.matches[self.match] <= text.top:
            self.match += 1
        await self.to_match(self.match - self.backwards)

    async def to_match(self, match: int) -> None:
        """Goes to a match by its number."""
        text = self.text
        if text.pattern is None:
            return
        match = max(match, 0)
        if match >= len(text.matches) and text.status > 0:
            text.wanted = match
            await self.pager.read()
        if not text.matches:
            self.screen.say("No matches found")
            return
        self.match = max(min(match, len(text.matches) - 1), 0)
        await self.to_row(text.matches[self.match])

    async def next_match(self, _key: str) -> None:
        """To the next match."""
        await self.to_match(self.match + 1)

    async def previous_match(self, _key: str) -> None:
        """To the match before."""
        await self.to_match(self.match - 1)

    async def open_bracket(self, bracket: str) -> None:
        """From a bracket in the first row to a row with one that closes."""
        rows, top = self.text.rows, self.text.top
        if top >= self.text.last or bracket.encode() not in rows[top].text:
            self.screen.say("No bracket in top line")
            return
        for index in range(top, self.text.last):
            if _OPPOSITE[bracket] in rows[index].text:
                await self.to_row(index - self.text.last_shown)
                return
        self.screen.say("No matching bracket found")

    async def close_bracket(self, bracket: str) -> None:
        """From a bracket in the last row to a row with one that opens."""
        rows, bottom = self.text.rows, self.text.top + self.text.last_shown
        if bottom >= self.text.last or bracket.encode() not in rows[bottom].text:
            self.screen.say("No bracket in bottom line")
            return
        for index in range(bottom, -1, -1):
            if _OPPOSITE[bracket] in rows[index].text:
                await self.to_row(index)
                return
        self.screen.say("No matching bracket found")
