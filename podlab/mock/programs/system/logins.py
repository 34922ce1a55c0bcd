"""who, w, users, last, mesg, nologin, dmesg, ttysize: nobody logs in to a container, and it has no log of its own."""

from typing import Final

from podlab.mock.kernel import SECOND
from podlab.mock.programs import terminal
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.dates import local_time, strftime
from podlab.mock.programs.numbers import INT_MAX, unsigned
from podlab.mock.programs.timezones import parse_zone

_RECORD: Final = 384
"""How long an entry of a log of logins is."""
_HEADING: Final = "USER\t\tTTY\t\tIDLE\tTIME\t\t HOST\n"


@applet("who", "aH", operands=(0, 0))
async def who(call: Call) -> int:
    """Lists nobody."""
    if "H" in call.options:
        await call.out.write_text(_HEADING)
    return 0


@applet("w", "", operands=(0, 0))
async def w(call: Call) -> int:
    """Lists nobody, under a heading."""
    await call.out.write_text(_HEADING)
    return 0


@applet("users", "", operands=(0, 0))
async def users(call: Call) -> int:
    """Names nobody."""
    await call.out.write_text("\n")
    return 0


@applet("last", "Wf:")
async def last(call: Call) -> int:
    """Tells when a log begins; of what may stand in it nothing, for nobody logs in."""
    reader = await call.open_or_die(call.options.get("f") or "/var/log/wtmp")
    begun = 0
    while len(record := await reader.read_exactly(_RECORD)) == _RECORD:
        if record != bytes(_RECORD):
            call.refuse("a log with logins in it")
        begun = 1
    moment = local_time(0 if begun else call.proc.kernel.wall_ns // SECOND, parse_zone(call.proc.env.get("TZ")))
    await call.out.write_text(strftime("\nwtmp begins %a %b %e %H:%M:%S %Y\n", moment))
    return 0


@applet("mesg", None, operands=(0, 1))
async def mesg(call: Call) -> int:
    """Says whether others may write to the terminal."""
    if call.operands and call.operands[0][:1] not in ("y", "n"):
        call.usage()
    if not call.proc.isatty(0):
        call.die("not a tty")
    if not call.operands:
        await call.out.write_text("is y\n")
    return 0


@applet("nologin", None)
async def nologin(call: Call) -> int:
    """Refuses."""
    await call.out.write_text("This account is not available\n")
    await call.out.flush()
    await call.proc.sleep(5)
    return 1


@applet("ttysize", None)
async def ttysize(call: Call) -> int:
    """Prints width and height of the terminal."""
    columns, rows = terminal.size(call.proc, 0)
    shown = {"w": columns, "h": rows}
    for place, word in enumerate(call.operands or ("w", "h")):
        if word[:1] in shown:
            await call.out.write_text(f"{' ' if place else ''}{shown[word[0]]}")
    await call.out.write(b"\n")
    return 0


@applet("dmesg", "cs:n:r")
async def dmesg(call: Call) -> int:
    """The kernel's log is not for containers."""
    for letter in "sn":
        unsigned(call.options.get(letter, "0"), 0, INT_MAX)
    call.die("klogctl: Operation not permitted")
