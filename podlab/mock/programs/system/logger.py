"""logger: a message to the system log."""

from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_bytes
from podlab.mock.programs.system.syslogs import FACILITIES, PRIORITIES, USER_NOTICE, SystemLog
from podlab.mock.programs.users import read_accounts

LINE_SIZE: Final = 1024


@applet("logger", "sp:t:")
async def logger(call: Call) -> int:
    """Sends messages to /dev/log; where nobody listens there, they are lost."""
    tag = call.options.get("t")
    if tag is None:
        tag = (await read_accounts(call.proc)).user_name(call.proc.uid)
    priority = USER_NOTICE
    if (wanted := call.options.get("p")) is not None:
        priority = _priority(call, wanted)
    log = SystemLog(call.proc, to_bytes(tag), priority, shows="s" in call.options)
    if call.operands:
        await log.send(to_bytes(" ".join(call.operands)))
        return 0
    while line := await call.stdin.line():
        for start in range(0, len(line), LINE_SIZE - 1):
            piece = line[start : start + LINE_SIZE - 1].partition(b"\0")[0]
            if piece not in (b"", b"\n"):
                await log.send(piece)
    return 0


def _priority(call: Call, text: str) -> int:
    """A priority: FACILITY.LEVEL, by names or numbers. Dies of one that there is not."""
    facility, dot, level = text.partition(".")
    number = FACILITIES["user"] << 3
    if dot:
        number = _decode(facility, FACILITIES, 3)
        if number < 0:
            call.die(f"unknown facility name: {facility}")
    else:
        level = facility
    low = _decode(level, PRIORITIES, 0)
    if low < 0:
        call.die(f"unknown priority name: {text}")
    return low & 7 | number & 0x3F8


def _decode(name: str, names: dict[str, int], shift: int) -> int:
    if name[:1].isdigit():
        digits = name[: len(name) - len(name.lstrip("0123456789"))]
        return int(digits)
    return names[name] << shift if name in names else -1
