"""syslogd's configuration: which messages go into which file."""

from podlab.mock.programs.applet import Call
from podlab.mock.programs.streams import to_text
from podlab.mock.programs.system.syslogs import FACILITIES, MARK, NONE, PRIORITIES

DEFAULT_PATH = "/etc/syslog.conf"
ALL_FACILITIES = (1 << 24) - 1


class BadRule(Exception):
    """A line that is none."""


class Rule:
    """A line: for each facility the priorities that it is for, as bits, and a file."""

    __slots__ = ("path", "priorities")

    def __init__(self, selectors: str, path: str) -> None:
        self.path = path
        self.priorities = [0] * 24
        for selector in selectors.split(";"):
            self._select(selector)

    def matches(self, priority: int) -> bool:
        """Whether a message is for it."""
        return bool(self.priorities[priority >> 3] & 1 << (priority & 7))

    def _select(self, selector: str) -> None:
        facilities, dot, level = selector.partition(".")
        if not dot:
            raise BadRule
        negated = level.startswith("!")
        level = level.removeprefix("!")
        single = level.startswith("=")
        level = level.removeprefix("=")
        if level.startswith("*"):
            bits = 0xFF
        elif level not in PRIORITIES:
            raise BadRule
        elif PRIORITIES[level] == NONE:
            bits, negated = 0, True
        else:
            bit = 1 << PRIORITIES[level]
            bits = bit if single else (bit << 1) - 1
            if negated:
                bits = 0xFF & ~bits
        for facility in range(24):
            if _facilities(facilities) & 1 << facility:
                self.priorities[facility] = self.priorities[facility] & bits if negated else self.priorities[facility] | bits


def _facilities(text: str) -> int:
    if text.startswith("*"):
        return ALL_FACILITIES
    found = 0
    for name in text.split(","):
        if name not in FACILITIES:
            raise BadRule
        if FACILITIES[name] != MARK:
            found |= 1 << FACILITIES[name]
    return found


async def read_rules(call: Call, path: str | None) -> list[Rule]:
    """Reads the rules: of the file that was named, which must be there, or of the default one."""
    try:
        reader = await call.open(path or DEFAULT_PATH)
    except OSError as error:
        if path is None:
            return []
        call.die_of(f"can't open '{path}'", error)
    rules = []
    number = 0
    while line := await reader.line():
        number += 1
        words = to_text(line).partition("#")[0].split()
        if not words:
            continue
        try:
            if len(words) != 2:
                raise BadRule
            rules.append(Rule(*words))
        except BadRule:
            call.die(f"error in '{path or DEFAULT_PATH}' at line {number}")
    reader.close()
    return rules
