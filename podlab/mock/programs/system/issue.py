"""What stands before a login: the text of /etc/issue, with what its escapes mean."""

from podlab.mock.kernel import SECOND
from podlab.mock.machine.process import Process
from podlab.mock.machine.procfs.system import ARCHITECTURE, RELEASE, VERSION
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.process.scan import read_file
from podlab.mock.programs.streams import to_bytes, to_text
from podlab.mock.programs.timezones import parse_zone

DATE = "%A, %d %B %Y"
TIME = "%H:%M:%S"


async def login_issue(proc: Process, path: str, tty: str) -> bytes:
    """A new line, and the text of the file, if there is one.

    After a backslash or a percent sign, s, n, r, v, m, o, l, d, t (and S, h, D, O) stand for the system, the date or the
    terminal.
    """
    text = to_text(await read_file(proc, path) or b"")
    now = local_time(proc.kernel.wall_ns // SECOND, parse_zone(proc.env.get("TZ")))
    names = dict.fromkeys("sS", "Linux") | dict.fromkeys("nh", proc.uts.hostname) | dict.fromkeys("DoO", proc.uts.domain)
    names |= {"r": RELEASE, "v": VERSION, "m": ARCHITECTURE, "l": tty, "d": strftime(DATE, now), "t": strftime(TIME, now)}
    shown = ["\r\n"]
    characters = iter(text)
    for char in characters:
        if char in "\\%":
            letter = next(characters, "\xff")
            shown.append(names.get(letter, letter))
        else:
            shown.append("\n\r" if char == "\n" else char)
    return to_bytes("".join(shown))
