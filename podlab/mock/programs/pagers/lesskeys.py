"""What the keys of less do."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.core import R_OK
from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.pagers.lessmoves import Moves
from podlab.mock.programs.pagers.lesstext import MAX_LINES
from podlab.mock.programs.streams import Writer

if TYPE_CHECKING:
    from podlab.mock.programs.pagers.less import Less

MARKS: Final = 14
DIGITS: Final = 15


class Keys(Moves):
    """Does what keys say."""

    def __init__(self, pager: "Less") -> None:
        super().__init__(pager)
        self.marks: list[tuple[str, int]] = []

    async def press(self, key: str) -> None:
        """Does what a key says; one that has no meaning does nothing."""
        action = KEYS.get(key)
        if action is not None:
            await action(self, key)
        elif len(key) == 1 and key in "0123456789":
            await self._number(key)

    async def _number(self, digit: str) -> None:
        """A number, and a key that it is for."""
        self.screen.clear_line()
        self.screen.put(b":" + digit.encode())
        typed, key = digit, ""
        while len(typed) < DIGITS:
            key = await self.pager.key(len(typed) + 1)
            if len(key) > 1 or key not in "0123456789":
                break
            typed += key
            self.screen.put(key.encode())
        number = int(typed)
        if number < 1 or number > MAX_LINES:
            await self.pager.draw()
        elif key in ("down", "z", "d", "e", " ", "\r"):
            await self.down(number)
        elif key in ("up", "b", "w", "y", "u"):
            await self.up(number)
        elif key in ("g", "<", "G", ">"):
            await self.to_line(number - 1)
        elif key in ("p", "%"):
            await self.text.count_lines(self.screen.name)
            await self.to_line(number * (self.text.count if self.text.count > 0 else self.text.lines) // 100)
        elif key == "n":
            await self.to_match(self.match + number)
        elif key in ("/", "?"):
            await self.search(key)

    # --- marks ---

    async def mark(self, _key: str) -> None:
        """Gives the place a letter."""
        self.screen.say("Mark: ")
        letter = await self.pager.key(len("Mark: "))
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            if len(self.marks) == MARKS:
                self.marks.clear()
            self.marks.append((letter, self.text.top))
        else:
            self.screen.say("Invalid mark letter")
        await self.pager.draw()

    async def to_mark(self, _key: str) -> None:
        """Goes to a place by its letter."""
        self.screen.say("Go to mark: ")
        letter = await self.pager.key(len("Go to mark: "))
        self.screen.clear_line()
        if len(letter) == 1 and letter.isascii() and letter.isalpha():
            top = next((top for name, top in self.marks if name == letter), None)
            if top is not None:
                await self.to_row(top)
            if len(self.marks) == MARKS:
                self.screen.say("Mark not set")
        else:
            self.screen.say("Invalid mark letter")
        await self.pager.draw()

    # --- files ---

    async def colon(self, _key: str) -> None:
        """A colon, and a letter."""
        self.screen.say(" :")
        key = await self.pager.key(2)
        screen = self.screen
        if key == "d":
            await self._forget_file()
        elif key == "e":
            await self.examine(key)
        elif key == "f":
            await screen.numbers()
        elif key in ("n", "p", "x"):
            await self._change_file({"n": 1, "p": -1, "x": 0}[key])
        elif key == "q":
            self.pager.quit()

    async def _change_file(self, direction: int) -> None:
        screen = self.screen
        if screen.place == (len(screen.files) if direction > 0 else 1):
            screen.say("No next file" if direction > 0 else "No previous file")
            return
        screen.place = screen.place + direction if direction else 1
        await self.pager.open(screen.files[screen.place - 1])

    async def _forget_file(self) -> None:
        screen = self.screen
        if len(screen.files) < 2:
            return
        if screen.place != 1:
            await self._change_file(-1)
            del screen.files[1]
        else:
            await self._change_file(1)
            del screen.files[0]
            screen.place -= 1

    async def examine(self, _key: str) -> None:
        """Asks for a file, and shows that one."""
        screen = self.screen
        screen.say("Examine: ")
        name = await self.pager.line(len("Examine: "))
        if not name:
            await screen.status()
            return
        try:
            self.pager.proc.access(name, R_OK)
        except OSError:
            screen.say("Cannot read this file")
            return
        screen.files = [name]
        screen.place = 1
        await self.pager.open(name)

    async def save(self, _key: str) -> None:
        """Asks for a file, and writes what was read there."""
        screen, proc = self.screen, self.pager.proc
        screen.say("Log file: ")
        name = await self.pager.line(len("Log file: "))
        message = ""
        if name:
            try:
                writer = Writer(proc, await proc.open(name, O_WRONLY | O_CREAT | O_TRUNC))
                for row in self.text.rows:
                    await writer.write(row.text + b"\n")
                await writer.flush()
                proc.close(writer.fd)
                message = "Done"
            except OSError:
                message = "Error opening log file"
        screen.say(message)

    # --- the rest ---

    async def flag(self, _key: str) -> None:
        """Turns an option on or off."""
        self.screen.clear_line()
        self.screen.put(b"-")
        key = await self.pager.key(1)
        if key in ("M", "m", "E", "~", "S", "N"):
            self.pager.flags ^= {key}
            self.pager.follow_flags()
            if key == "N":
                await self.text.wrap_again()
            if key in ("S", "N"):
                await self.pager.show()
        await self.pager.draw()

    async def repaint(self, _key: str) -> None:
        """Draws the screen again."""
        await self.pager.draw()

    async def numbers(self, _key: str) -> None:
        """Tells the numbers of the lines."""
        await self.screen.numbers()

    async def quit(self, _key: str) -> None:
        """Leaves."""
        self.pager.quit()


_ACTIONS: Final[dict[Callable[[Keys, str], Awaitable[None]], tuple[str, ...]]] = {
    Keys.line_down: ("down", "e", "j", "\r"),
    Keys.line_up: ("up", "y", "k"),
    Keys.page_down: ("page down", " ", "z", "f"),
    Keys.page_up: ("page up", "w", "b"),
    Keys.half_down: ("d",),
    Keys.half_up: ("u",),
    Keys.start: ("home", "g", "p", "<", "%"),
    Keys.end: ("end", "G", ">"),
    Keys.quit: ("q", "Q"),
    Keys.mark: ("m",),
    Keys.to_mark: ("'",),
    Keys.repaint: ("r", "R"),
    Keys.save: ("s",),
    Keys.examine: ("E",),
    Keys.numbers: ("=",),
    Keys.search: ("/", "?"),
    Keys.next_match: ("n",),
    Keys.previous_match: ("N",),
    Keys.flag: ("-",),
    Keys.open_bracket: ("{", "(", "["),
    Keys.close_bracket: ("}", ")", "]"),
    Keys.colon: (":",),
}
KEYS: Final = {key: action for action, keys in _ACTIONS.items() for key in keys}
