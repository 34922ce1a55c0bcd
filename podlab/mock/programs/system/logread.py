"""logread: what syslogd keeps in memory."""

from podlab.mock.machine.ipc import Segment
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.system.syslogs import KEY


@applet("logread", "fF")
async def logread(call: Call) -> int:
    """Shows the messages in the buffer, and with -f and -F those that come."""
    proc = call.proc
    segment = proc.container.ipc.segments.get(KEY)
    if segment is None:
        call.die("can't find syslogd buffer: No such file or directory")
    follows = call.options.any("fF")
    place = segment.tail
    if "f" not in call.options:
        place = _oldest(segment, place)
    while True:
        data, tail = segment.data, segment.tail
        news = data[place:tail] if place <= tail else data[place : len(data) - 1] + data[:tail]
        place = tail
        await call.out.write(bytes(news).replace(b"\0", b""))
        await call.out.flush()
        if not follows:
            return 0
        await proc.sleep(1)


def _oldest(segment: Segment, place: int) -> int:
    """Where the oldest whole message begins: behind the next NUL, or at the tail when there is none."""
    size = len(segment.data) - 1
    found = segment.data.find(b"\0", place)
    if found < 0 or found >= size:
        found = segment.data.find(b"\0", 0, segment.tail)
        if found < 0:
            return segment.tail
    return found + 1 if found + 1 < size else 0
